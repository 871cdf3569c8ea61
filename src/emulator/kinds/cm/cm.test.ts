import { describe, expect, it } from 'vitest';
import { startTest } from '../../test-kit.ts';

const peer = { command: 'run', name: 'Root', caDevice: true, device: '10.0.0.2', deviceName: 'b2.example.com' };
const credentials = { username: 'admin', password: 'very-secret' };

describe('device groups', () => {
  it('has the box itself in the groups of a new box', async () => {
    const client = await startTest();
    const items = await client.get('cm/device-group/device_trust_group/devices');
    expect(items.body.items).toMatchObject([
      { kind: 'tm:cm:device-group:devices:devicesstate', fullPath: '/Common/bigip1.example.com' },
    ]);
    expect((await client.delete('cm/device-group/device_trust_group')).status).toBe(400);
    expect((await client.delete('cm/traffic-group/traffic-group-1')).status).toBe(400);
  });

  it('takes devices that are trusted, each into one failover group', async () => {
    const client = await startTest();
    const trust = await client.post('cm/add-to-trust', { ...peer, ...credentials });
    expect(trust.body).toMatchObject({ kind: 'tm:cm:add-to-trust:runstate', deviceName: 'b2.example.com' });
    expect(trust.text).not.toContain('very-secret');
    const devices = ['bigip1.example.com', { name: 'b2.example.com' }];
    const group = await client.post('cm/device-group', { name: 'pair', type: 'sync-failover', devices });
    expect(group.status).toBe(200);
    expect((await client.get('cm/device-group/pair/devices')).body.items).toHaveLength(2);
    expect((await client.post('cm/device-group', { name: 'two', type: 'sync-failover', devices })).status).toBe(400);
    expect((await client.post('cm/device-group', { name: 'so', type: 'sync-only', devices })).status).toBe(200);
    expect((await client.post('cm/device-group/so/devices', { name: 'nobody' })).status).toBe(404);
    const removed = await client.post('cm/remove-from-trust', { command: 'run', deviceName: 'b2.example.com' });
    expect(removed.status).toBe(200);
    expect((await client.get('cm/device')).body.items).toHaveLength(1);
    expect((await client.get('cm/device-group/pair/devices')).body.items).toHaveLength(1);
    expect((await client.post('cm/add-to-trust', peer)).status).toBe(400);
  });

  it('is inherited by a folder until that is given one, or none, and again when it is told to', async () => {
    const client = await startTest();
    await client.post('cm/device-group', { name: 'dg', type: 'sync-only', devices: ['bigip1.example.com'] });
    await client.post('sys/folder', { name: 'f', partition: 'Common' });
    const path = 'sys/folder/~Common~f';
    const after = async (body: object): Promise<unknown> => {
      const answer = await client.patch(path, body);
      expect(answer.status).toBe(200);
      const { deviceGroup, inheritedDevicegroup, trafficGroup, inheritedTrafficGroup } = (await client.get(path)).body;
      return [deviceGroup, inheritedDevicegroup, trafficGroup, inheritedTrafficGroup];
    };
    const initial = ['none', 'true', '/Common/traffic-group-1', 'true'];
    expect(await after({ description: 'x' })).toEqual(initial);
    expect(await after({ deviceGroup: '/Common/dg' })).toEqual(['/Common/dg', 'false', ...initial.slice(2)]);
    expect(await after({ deviceGroup: 'none' })).toEqual(['none', 'false', ...initial.slice(2)]);
    expect(await after({ inheritedDevicegroup: 'true' })).toEqual(initial);
    const local = '/Common/traffic-group-local-only';
    expect(await after({ trafficGroup: local })).toEqual(['none', 'true', local, 'false']);
    expect(await after({ inheritedTrafficGroup: 'true' })).toEqual(initial);
  });

  it('is made in a transaction, and kept while a folder uses it', async () => {
    const client = await startTest();
    const made = await client.transact(
      ['POST', 'cm/device-group/dg/devices', { name: 'bigip1.example.com' }],
      ['POST', 'cm/device-group', { name: 'dg' }],
      ['POST', 'sys/folder', { name: 'f', partition: 'Common', deviceGroup: '/Common/dg' }],
    );
    expect(made.body.state).toBe('COMPLETED');
    expect((await client.delete('cm/device-group/dg')).status).toBe(400);
  });
});

describe('the device itself', () => {
  it('has addresses for heartbeats, and a multicast group', async () => {
    const client = await startTest();
    const path = 'cm/device/bigip1.example.com';
    const given = { unicastAddress: [{ ip: '10.0.0.1' }, { ip: 'management-ip', port: 1027 }], multicastPort: 62_960 };
    expect((await client.patch(path, { ...given, multicastInterface: 'eth0' })).body).toMatchObject({
      multicastInterface: 'eth0',
      multicastPort: 62_960,
      unicastAddress: [
        { effectiveIp: '10.0.0.1', effectivePort: 1026, ip: '10.0.0.1', port: 1026 },
        { effectiveIp: 'management-ip', effectivePort: 1027, ip: 'management-ip', port: 1027 },
      ],
    });
    for (const unicastAddress of ['x', [{}], [{ ip: 'here' }], [{ ip: '10.0.0.1', port: 0 }]]) {
      expect((await client.patch(path, { unicastAddress })).status).toBe(400);
    }
    expect((await client.patch(path, { unicastAddress: [] })).body).not.toHaveProperty('unicastAddress');
  });
});

describe('commands of cm and failover', () => {
  it('pushes to a group that is there', async () => {
    const client = await startTest();
    await client.post('cm/device-group', { name: 'dg', type: 'sync-failover', devices: ['bigip1.example.com'] });
    const push = { command: 'run', utilCmdArgs: 'config-sync to-group dg' };
    expect((await client.post('cm', push)).body).toEqual({ kind: 'tm:cm:runstate', ...push });
    expect((await client.post('cm', { command: 'run', utilCmdArgs: 'config-sync to-group no' })).body).toMatchObject({
      code: 400,
      message: '01070734:3: Configuration error: Device group (no) not found in device group sync',
    });
    const pull = await client.post('cm', { command: 'run', utilCmdArgs: 'config-sync from-group dg' });
    expect(pull.body.message).toContain('is not allowed until a push has been done first');
  });

  it('renames the device', async () => {
    const client = await startTest();
    await client.patch('cm/traffic-group/traffic-group-1', { haOrder: ['bigip1.example.com'] });
    const move = { command: 'mv', name: 'bigip1.example.com', target: 'new.example.com' };
    expect((await client.post('cm/device', move)).status).toBe(200);
    expect((await client.get('cm/device/new.example.com')).body).toMatchObject({ selfDevice: 'true' });
    expect((await client.get('cm/device/bigip1.example.com')).status).toBe(404);
    expect((await client.get('cm/traffic-group/traffic-group-1')).body.haOrder).toEqual(['/Common/new.example.com']);
    expect((await client.post('cm/device', move)).status).toBe(404);
    await client.post('cm/add-to-trust', { ...peer, ...credentials });
    const again = await client.post('cm/device', { command: 'mv', name: 'new.example.com', target: 'x.example.com' });
    expect(again.body.message).toContain('01071581:3');
    expect((await client.get('cm/device/x.example.com')).status).toBe(200);
  });

  it('goes offline and online', async () => {
    const client = await startTest();
    const status = async (): Promise<string> => {
      const { body } = await client.get('cm/failover-status');
      return body.entries['https://localhost/mgmt/tm/cm/failover-status/0'].nestedStats.entries.status.description;
    };
    const standby = { command: 'run', trafficGroup: 'traffic-group-1', standby: true };
    expect((await client.post('sys/failover', standby)).body).toEqual({ kind: 'tm:sys:failover:runstate', ...standby });
    expect(await status()).toBe('ACTIVE');
    expect((await client.post('sys/failover', { command: 'run', offline: true })).status).toBe(200);
    expect(await status()).toBe('FORCED OFFLINE');
    expect((await client.get('cm/device/bigip1.example.com')).body.failoverState).toBe('forced-offline');
    expect((await client.post('sys/failover', { command: 'run', online: true })).status).toBe(200);
    expect(await status()).toBe('ACTIVE');
    expect((await client.post('sys/failover', { command: 'run', trafficGroup: 'no', standby: true })).status).toBe(404);
    expect((await client.post('sys/failover', { command: 'run' })).status).toBe(400);
  });
});
