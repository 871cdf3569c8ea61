import { describe, expect, it } from 'vitest';
import { startEmulator, tmosReleases } from '../index.ts';
import { manualClock, startTest } from '../test-kit.ts';

function page(body: {
  entries: Record<string, { nestedStats: { entries: Record<string, { description: string }> } }>;
}): Record<string, string> {
  const entries = Object.values(body.entries)[0]?.nestedStats.entries ?? {};
  return Object.fromEntries(Object.entries(entries).map(([name, stat]) => [name, stat.description]));
}

describe('system resources', () => {
  it('tell the version in every place that clients look at, for every release', async () => {
    for (const tmos of tmosReleases) {
      const client = await startTest({ tmos });
      const { body } = await client.get('sys');
      const full = new URL(body.selfLink).searchParams.get('ver') ?? '';
      expect(full.startsWith(tmos)).toBe(true);
      expect(page((await client.get('sys/version')).body)['Version']).toBe(full);
      expect(page((await client.get('sys/version/stats')).body)['Version']).toBe(full);
      expect(page((await client.get('cli/version')).body)['active']).toBe(full);
      expect((await client.get('/mgmt/shared/identified-devices/config/device-info')).body.version).toBe(full);
      expect((await client.get('cm/device')).body.items[0]).toMatchObject({ version: full, selfDevice: 'true' });
      expect((await client.get('sys/ready')).status).toBe(tmos === '12.1' ? 404 : 200);
    }
  });

  it('refuse a release that is not on offer, naming those that are', async () => {
    await expect(startEmulator({ tmos: '9.4' })).rejects.toThrow(
      'TMOS release: found "9.4", expected one of 12.1, 13.1',
    );
  });

  it('show readiness, clock, provisioning, sync and failover status', async () => {
    const client = await startTest({ clock: manualClock(Date.UTC(2020, 0, 26, 8, 42, 48)) });
    expect(page((await client.get('sys/ready')).body)).toEqual({
      configReady: 'yes',
      licenseReady: 'yes',
      provisionReady: 'yes',
    });
    expect(page((await client.get('sys/clock')).body)).toEqual({ fullDate: '2020-01-26T08:42:48Z' });
    expect((await client.get('sys/available')).status).toBe(200);
    expect((await client.get('sys/provision/ltm')).body.level).toBe('nominal');
    expect((await client.patch('sys/provision/asm', { level: 'nominal' })).body.level).toBe('nominal');
    expect(page((await client.get('cm/sync-status')).body)).toMatchObject({ color: 'green', status: 'Standalone' });
    expect(page((await client.get('cm/failover-status')).body)).toMatchObject({ status: 'ACTIVE' });
    expect((await client.get('sys/global-settings')).body).toMatchObject({
      hostname: 'bigip1.example.com',
      selfLink: 'https://localhost/mgmt/tm/sys/global-settings?ver=17.1.0',
    });
    expect((await client.delete('sys/provision/ltm')).status).toBe(400);
  });

  it('carry out commands: save, config-sync without a group, tmsh through bash', async () => {
    const client = await startTest();
    expect((await client.post('sys/config', { command: 'save' })).body).toEqual({
      kind: 'tm:sys:config:savestate',
      command: 'save',
    });
    expect((await client.post('sys/config', { command: 'burn' })).status).toBe(400);
    const sync = await client.post('cm', { command: 'run', utilCmdArgs: 'config-sync to-group GROUP' });
    expect(sync.body.message).toBe(
      '01070734:3: Configuration error: Device group (GROUP) not found in device group sync',
    );
    const bash = async (utilCmdArgs: string) => (await client.post('util/bash', { command: 'run', utilCmdArgs })).body;
    expect((await bash('-c "tmsh save sys config partitions { P1 P2 }"')).commandResult).toContain(
      'Saving running configuration',
    );
    expect((await bash("-c 'tmsh show sys version'")).commandResult).toContain('17.1.0');
    expect((await bash(String.raw`-c "tmsh -c \"show sys version\""`)).commandResult).toContain('17.1.0');
    expect((await bash("-c 'foo bar'")).commandResult).toBe('/bin/bash: foo: command not found\n');
    expect((await bash('tmsh save sys config')).message).toBe('Required format is "-c <bash command and arguments>"');
    expect((await bash("-c 'tmsh")).message).toBe('quotes are not balanced');
  });

  it('list what stands below them', async () => {
    const client = await startTest();
    const links = async (path: string): Promise<readonly string[]> =>
      (await client.get(path)).body.items.map((item: { reference: { link: string } }) => item.reference.link);
    expect(await links('ltm/persistence')).toContain('https://localhost/mgmt/tm/ltm/persistence/cookie?ver=17.1.0');
    expect(await links('/mgmt/tm')).toEqual(
      expect.arrayContaining(['https://localhost/mgmt/tm/ltm?ver=17.1.0', 'https://localhost/mgmt/tm/sys?ver=17.1.0']),
    );
    expect((await client.get('ltm/monitor')).body.kind).toBe('tm:ltm:monitor:monitorcollectionstate');
  });

  it('an empty box has the stock objects of /Common', async () => {
    const client = await startTest();
    for (const path of [
      'ltm/profile/tcp/~Common~f5-tcp-progressive',
      'ltm/profile/fastl4/~Common~fastL4',
      'ltm/profile/client-ssl/~Common~clientssl',
      'ltm/profile/sctp/~Common~sctp',
      'ltm/monitor/gateway-icmp/~Common~gateway_icmp',
      'ltm/monitor/tcp-half-open/~Common~tcp_half_open',
      'ltm/persistence/source-addr/~Common~source_addr',
      'ltm/rule/~Common~_sys_https_redirect',
      'net/route-domain/~Common~0',
      'cm/traffic-group/~Common~traffic-group-1',
    ]) {
      expect((await client.get(path)).status).toBe(200);
    }
  });

  it('12.1 hides a member that it made in a partition with another default route domain', async () => {
    const client = await startTest({ tmos: '12.1' });
    await client.post('net/route-domain', { name: '4', id: 4 });
    await client.post('auth/partition', { name: 'P', defaultRouteDomain: 4 });
    await client.post('ltm/pool', { name: 'p', partition: 'P' });
    const reply = await client.post('ltm/pool/~P~p/members', { name: '10.0.0.1:80' });
    expect(reply.body).toMatchObject({ code: 404, message: 'Object not found - 10.0.0.1:80' });
    expect((await client.get('ltm/pool/~P~p/members/~P~10.0.0.1:80')).status).toBe(200);
  });
});
