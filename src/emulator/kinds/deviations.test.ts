import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../test-kit.ts';

async function withDomains(): Promise<Client> {
  const client = await startTest();
  await client.post('net/route-domain', { name: '7', id: 7 });
  await client.post('net/route-domain', { name: '8', id: 8 });
  await client.post('auth/partition', { name: 'P', defaultRouteDomain: 7 });
  await client.post('auth/partition', { name: 'Q' });
  return client;
}

describe('wildcard destinations', () => {
  it('are one per route domain, as addresses are', async () => {
    const client = await withDomains();
    const made = async (partition: string, name: string, destination?: string): Promise<unknown> => {
      const { status, body } = await client.post('ltm/virtual', { name, partition, destination });
      expect(status).toBe(200);
      return [body.destination, body.mask, body.source];
    };
    expect(await made('Q', 'w')).toEqual(['/Q/0.0.0.0:0', 'any', '0.0.0.0/0']);
    expect(await made('P', 'w')).toEqual(['/P/0.0.0.0:0', 'any', '0.0.0.0/0']);
    expect(await made('Q', 'w8', '/Q/0.0.0.0%8:0')).toEqual(['/Q/0.0.0.0%8:0', 'any', '0.0.0.0/0']);
    expect(await made('Q', 'w6', '/Q/::.443')).toEqual(['/Q/any6.443', 'any6', '::/0']);
    expect(await made('P', 'w6', '/P/any6.443')).toEqual(['/P/any6.443', 'any6', '::/0']);
    expect(await made('Q', 'w68', '/Q/any6%8.443')).toEqual(['/Q/any6%8.443', 'any6', '::/0']);
  });

  it('show their route domain to who looks from elsewhere', async () => {
    const client = await withDomains();
    await client.post('ltm/virtual', { name: 'w', partition: 'P' });
    const seen = async (query: string): Promise<string> =>
      (await client.get(`ltm/virtual${query}`)).body.items[0].destination;
    expect(await seen('')).toBe('/P/0.0.0.0%7:0');
    expect(await seen('?$filter=partition eq P')).toBe('/P/0.0.0.0:0');
    const addresses = (await client.get('ltm/virtual-address')).body.items;
    expect(addresses).toMatchObject([{ fullPath: '/P/0.0.0.0', address: 'any%7', mask: 'any' }]);
    expect((await client.get('ltm/virtual-address/~P~0.0.0.0')).body.address).toBe('any');
    const statistic = await client.get('ltm/virtual/~P~w/stats');
    expect(statistic.text).toContain('"destination":{"description":"0.0.0.0%7:0"}');
  });
});

describe('a destination of the other family', () => {
  it('brings its own mask and source', async () => {
    const client = await startTest();
    await client.post('ltm/virtual', { name: 'v', destination: '2001:db8::1.80' });
    const four = await client.patch('ltm/virtual/v', { destination: '/Common/10.0.0.1:80' });
    expect(four.body).toMatchObject({ mask: '255.255.255.255', source: '0.0.0.0/0' });
    const six = await client.patch('ltm/virtual/v', { destination: '/Common/2001:db8::2.80' });
    expect(six.body).toMatchObject({ mask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', source: '::/0' });
    const wild = await client.patch('ltm/virtual/v', { destination: '/Common/0.0.0.0:80' });
    expect(wild.body).toMatchObject({ mask: 'any', source: '0.0.0.0/0' });
    const host = await client.patch('ltm/virtual/v', { destination: '/Common/10.0.0.2:80' });
    expect(host.body).toMatchObject({ mask: '255.255.255.255' });
  });
});

describe('missing references', () => {
  it('are told before what mcpd checks between a virtual server and its profiles', async () => {
    const client = await startTest();
    const profiles = ['tcp', 'http'];
    await client.post('ltm/virtual', {
      name: 'v',
      destination: '10.0.0.1:80',
      ipProtocol: 'tcp',
      profiles,
      persist: 'cookie',
    });
    expect((await client.patch('ltm/virtual/v', { profiles: ['tcp', 'none-such'] })).body).toMatchObject({
      code: 404,
      message: '01020036:3: The requested profile (/Common/none-such) was not found.',
    });
    expect((await client.patch('ltm/virtual/v', { persist: [{ name: 'none-such' }] })).body).toMatchObject({
      code: 404,
      message: '01020036:3: The requested profile (/Common/none-such) was not found.',
    });
  });
});

describe('the fqdn of a node and of a member', () => {
  it('keeps its name, family and autopopulate, which are given at creation only', async () => {
    const client = await startTest();
    const fqdn = { tmName: 'example.com', autopopulate: 'enabled' };
    await client.post('ltm/node', { name: 'n', fqdn });
    for (const change of [{ tmName: 'example.org' }, { autopopulate: 'disabled' }, { addressFamily: 'ipv6' }]) {
      const refused = await client.patch('ltm/node/n', { fqdn: change });
      expect(refused.status).toBe(400);
      expect(refused.body.message).toContain('may not be specified in the context of the "modify" command');
    }
    expect((await client.patch('ltm/node/n', { fqdn: { interval: '60' } })).body.fqdn).toMatchObject({
      ...fqdn,
      interval: '60',
    });
    expect((await client.put('ltm/node/n', { description: 'x' })).body).toMatchObject({ address: 'any6', fqdn });
    await client.post('ltm/pool', { name: 'p', members: [{ name: 'n:80', fqdn }] });
    expect((await client.patch('ltm/pool/p', { members: [{ name: 'n:80', fqdn, ratio: 2 }] })).status).toBe(200);
    const member = await client.get('ltm/pool/p/members/~Common~n:80');
    expect(member.body).toMatchObject({ address: 'any6', fqdn, ratio: 2 });
  });
});

describe('a virtual address', () => {
  it('keeps an address and a mask through a PUT that names neither', async () => {
    const client = await startTest();
    await client.post('ltm/virtual-address', { address: '10.7.0.1', mask: '255.255.255.0' });
    expect((await client.put('ltm/virtual-address/10.7.0.1', { description: 'x' })).body).toMatchObject({
      address: '10.7.0.1',
      mask: '255.255.255.255',
      description: 'x',
    });
  });
});

describe('the destination of a monitor', () => {
  it('is an address or *, with a port in numbers', async () => {
    const client = await startTest();
    await client.post('ltm/monitor/http', { name: 'm' });
    const set = async (destination: string): Promise<unknown> => {
      const { status, body } = await client.patch('ltm/monitor/http/m', { destination });
      return status === 200 ? body.destination : status;
    };
    expect(await set('1.1.1.1:http')).toBe('1.1.1.1:80');
    expect(await set('*:8080')).toBe('*:8080');
    expect(await set('2001:db8::1.443')).toBe('2001:db8::1.443');
    expect(await set('*.80')).toBe(400);
    expect(await set('1.1.1.1:*')).toBe('1.1.1.1:*');
    expect(await set('')).toBe('*:*');
    for (const wrong of ['bogus', 'host:80', '1.1.1.1:99999', '1.1.1:80']) {
      expect(await set(wrong)).toBe(400);
    }
  });
});

describe('the traffic groups of an empty box', () => {
  it('cannot be deleted: addresses are in them unless they say otherwise', async () => {
    const client = await startTest();
    for (const name of ['traffic-group-1', 'traffic-group-local-only']) {
      expect((await client.delete(`cm/traffic-group/${name}`)).status).toBe(400);
    }
    await client.post('cm/traffic-group', { name: 'own' });
    expect((await client.delete('cm/traffic-group/own')).status).toBe(200);
  });
});
