import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';

describe('statistics of an iRule', () => {
  it('are one entry an event, with the event in the key', async () => {
    const client = await startTest({ tmos: '14.1' });
    const apiAnonymous = 'when CLIENT_ACCEPTED priority 100 {\n}\n  when SERVER_CONNECTED {\n log local0. "when X"\n}';
    await client.post('ltm/rule', { name: 'r', apiAnonymous });
    const base = 'https://localhost/mgmt/tm/ltm/rule/~Common~r';
    const { body } = await client.get('ltm/rule/~Common~r/stats');
    expect(Object.keys(body.entries)).toEqual([`${base}:CLIENT_ACCEPTED/stats`, `${base}:SERVER_CONNECTED/stats`]);
    const { nestedStats } = body.entries[`${base}:CLIENT_ACCEPTED/stats`];
    expect(nestedStats.kind).toBe('tm:ltm:rule:rulestats');
    expect(nestedStats.selfLink).toBe(`${base}:CLIENT_ACCEPTED/stats?ver=14.1.0`);
    expect(nestedStats.entries).toMatchObject({
      eventType: { description: 'CLIENT_ACCEPTED' },
      tmName: { description: '/Common/r' },
      priority: { value: 100 },
    });
    const names = ['aborts', 'avgCycles', 'eventType', 'failures', 'maxCycles', 'minCycles', 'tmName', 'priority'];
    expect(Object.keys(nestedStats.entries)).toEqual([...names, 'totalExecutions']);
    const all = (await client.get('ltm/rule/stats')).body;
    expect(all.kind).toBe('tm:ltm:rule:rulecollectionstats');
    expect(Object.keys(all.entries)).toContain(`${base}:SERVER_CONNECTED/stats`);
  });
});
