import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';

interface Row {
  readonly nestedStats: { readonly entries: Readonly<Record<string, { readonly description: string }>> };
}

describe('net/route/stats', () => {
  it('is the routing table: static routes by their path, what is connected or learned by its network', async () => {
    const client = await startTest();
    await client.post('net/vlan', { name: 'internal' });
    await client.post('net/self', { name: 'self', address: '10.1.20.1/24', vlan: 'internal' });
    await client.post('net/route', { name: 'default', network: 'default', gw: '10.1.20.254' });
    await client.post('net/route', { name: 'dark', network: '10.9.0.0/16', blackhole: true });
    const routes = { items: [{ network: '10.244.1.5/26', gateway: '10.1.20.101' }] };
    expect((await client.put('/emulator/routes', routes)).body).toEqual({
      items: [{ network: '10.244.1.0/26', gateway: '10.1.20.101' }],
    });
    const { body } = await client.get('net/route/stats');
    const rows = Object.entries(body.entries as Record<string, Row>).map(([link, { nestedStats }]) => {
      const { destination, type, nextHop, origin } = nestedStats.entries;
      const columns = [destination, type, nextHop, origin].map((column) => column?.description);
      return [link.slice('https://localhost/mgmt/tm/net/route/'.length)].concat(columns.map(String));
    });
    expect(rows).toEqual([
      ['~Common~dark/stats', '10.9.0.0/16', 'blackhole', '', 'static'],
      ['~Common~default/stats', 'default', 'gw', '10.1.20.254', 'static'],
      ['10.1.20.0~24/stats', '10.1.20.0/24', 'interface', '/Common/internal', 'connected'],
      ['10.244.1.0~26/stats', '10.244.1.0/26', 'gw', '10.1.20.101', 'dynamic'],
    ]);
    expect((await client.get('net/route')).body.items).toHaveLength(2);
  });

  it('says what is wrong with routes that it is to learn', async () => {
    const client = await startTest();
    const wrong = await client.put('/emulator/routes', { items: [{ network: '10.244.1.0', gateway: '10.1.20.1' }] });
    expect(wrong).toMatchObject({ status: 400, body: { message: expect.stringContaining('items[0]: found') } });
    expect(await client.put('/emulator/routes', {})).toMatchObject({ status: 400 });
    expect((await client.get('/emulator/routes')).body).toEqual({ items: [] });
  });
});
