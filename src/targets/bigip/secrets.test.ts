import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Reply } from '../../../test/support/scripted-bigip.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { createPools, signal, testTarget, updatePool } from '../../../test/support/bigip-target.ts';
import { PASSWORD, RESTARTING, error, startScriptedBigip } from '../../../test/support/scripted-bigip.ts';

/** Troubles at every place where a message is made of what was sent or received. */
const TROUBLES: readonly (readonly [place: string, reply: Reply])[] = [
  ['/login', error(401, `Authentication failed for ${PASSWORD}.`)],
  ['/login', 'cut'],
  ['/login', RESTARTING],
  ['/pool', 'cut'],
  ['/pool', error(401, 'X-F5-Auth-Token does not exist.')],
  ['/pool', error(400, '01070734:3: Configuration error')],
  ['/pool', { status: 500, body: '<title>Error 500 AsyncContext timeout</title>' }],
  ['/transaction', 'cut'],
  ['/transaction', error(400, 'transaction failed:01070734:3: Configuration error')],
  ['/sys', RESTARTING],
];

test.each(TROUBLES)(
  'AC-01 trouble at %s: no event, error or report holds a password, a token or a header',
  async (place, reply) => {
    const device = await startScriptedBigip();
    device.script = ({ path }) => (path.includes(place) ? reply : undefined);
    const { target, events } = testTarget([device.url], { timeouts: { deadlineMs: 2000 } });
    const told: unknown[] = [];
    const keep = async (work: Promise<unknown>): Promise<void> => {
      told.push(await work.catch((reason: unknown) => reason));
    };
    const snapshot = new MemorySnapshot();
    await keep(target.read({ signal }));
    await keep(target.apply({ units: [updatePool('web', 'old', 'new'), createPools(['a', 'b'])], snapshot, signal }));
    await keep(target.save({ signal }));
    await keep(target.check({ signal }));
    const seen = [...device.tokens];
    await target.close();
    const text = inspect([events, told, target], { depth: 20, showHidden: true });
    expect(text.length).toBeGreaterThan(500);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toMatch(/authorization:|X-F5-Auth-Token['"]?:|TOKEN[A-J]\d/i);
    for (const token of seen) expect(text).not.toContain(token);
    await device.close();
  },
);
