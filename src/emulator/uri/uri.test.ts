import { describe, expect, it } from 'vitest';
import { startTest, type Client, type TestReply } from '../test-kit.ts';

async function withPools(count: number): Promise<Client> {
  const client = await startTest({ tmos: '14.1' });
  await client.post('auth/partition', { name: 'P' });
  for (let at = 0; at < count; at += 1) {
    await client.post('ltm/pool', { name: `p${at}`, partition: at % 2 === 0 ? 'P' : 'Common' });
  }
  return client;
}

function paths(body: { items?: { fullPath: string }[] }): readonly string[] {
  return (body.items ?? []).map((item) => item.fullPath);
}

describe('paths', () => {
  it('take ~ names, bare names in Common, trailing slashes, and full paths in name', async () => {
    const client = await withPools(2);
    for (const path of ['ltm/pool/~P~p0', 'ltm/pool/~P~p0/', 'ltm/pool/p1', 'ltm/pool/~Common~p1', 'ltm/pool/']) {
      expect((await client.get(path)).status).toBe(200);
    }
    expect((await client.post('ltm/pool', { name: '/P/full' })).body).toMatchObject({
      name: 'full',
      partition: 'P',
      fullPath: '/P/full',
    });
    expect((await client.post('sys/folder', { name: '/P/f' })).body).toMatchObject({
      name: 'f',
      partition: 'P',
      fullPath: '/P/f',
    });
    expect((await client.post('ltm/pool', { name: '/P/f/deep' })).body).toMatchObject({
      name: 'deep',
      subPath: 'f',
      fullPath: '/P/f/deep',
    });
    expect((await client.get('ltm/pool/~P~f~deep')).body.selfLink).toBe(
      'https://localhost/mgmt/tm/ltm/pool/~P~f~deep?ver=14.1.0',
    );
    expect((await client.get('sys/folder/~')).body.name).toBe('/');
    expect((await client.get('auth/partition/P')).body).toMatchObject({ fullPath: 'P' });
  });

  it('that mean nothing are answered as a device does', async () => {
    const client = await startTest();
    expect((await client.get('nothing')).body).toMatchObject({
      code: 404,
      message: 'Public URI path not registered: /tm/nothing',
      kind: ':resterrorresponse',
    });
    expect((await client.get('ltm/pool/~Common~p/invalid')).body).toMatchObject({
      code: 400,
      message: "Unrecognized path element in '/ltm/pool/~Common~p/invalid': 'invalid'",
    });
    expect((await client.get('/mgmt/shared/nothing')).status).toBe(404);
    expect((await client.get('ltm/pool/example')).body.items[0].loadBalancingMode).toBe('round-robin');
  });

  it('%25 is the % of a route domain', async () => {
    const client = await startTest();
    await client.post('net/route-domain', { name: '2', id: 2 });
    await client.post('ltm/pool', { name: 'p', members: ['10.2.3.5%2:80'] });
    const member = await client.get('ltm/pool/~Common~p/members/~Common~10.2.3.5%252:80');
    expect(member.body).toMatchObject({ name: '10.2.3.5%2:80', address: '10.2.3.5%2' });
    expect(member.body.selfLink).toContain('/members/~Common~10.2.3.5%252:80?ver=');
  });
});

describe('queries', () => {
  it('filter by partition, with and without quotes and plus signs; a partition that is not there is told', async () => {
    const client = await withPools(4);
    for (const filter of ['$filter=partition%20eq%20P', "$filter=partition eq 'P'", '$filter=partition+eq+P']) {
      expect(paths((await client.get(`ltm/pool?${filter}`)).body)).toEqual(['/P/p0', '/P/p2']);
    }
    expect((await client.get('ltm/pool?$filter=name eq p1')).body.items).toHaveLength(1);
    expect((await client.get('ltm/pool?$filter=partition eq none')).body).toMatchObject({
      code: 400,
      message: 'The requested folder (/none) was not found.',
      apiError: 26_214_401,
    });
    expect((await client.get('ltm/pool?$filter=bogus')).status).toBe(400);
  });

  it('page with $top and $skip, linking to the next page until there is none', async () => {
    const client = await withPools(5);
    const seen: string[] = [];
    let next: string | undefined = 'ltm/pool?$top=2&$select=fullPath';
    while (next !== undefined) {
      const { body }: TestReply = await client.get(next);
      expect(body).toMatchObject({ totalItems: 5, itemsPerPage: 2 });
      expect(body.startIndex - 1 + body.currentItemCount).toBe(seen.length + body.items.length);
      seen.push(...paths(body));
      expect(Object.keys(body.items[0])).toEqual(['fullPath']);
      next = body.nextLink?.replace('https://localhost', '');
    }
    expect(seen).toEqual(['/Common/p1', '/Common/p3', '/P/p0', '/P/p2', '/P/p4']);
  });

  it('are repeated in selfLink, encoded; empty collections have no items', async () => {
    const client = await startTest({ tmos: '14.1' });
    const { body } = await client.get('ltm/pool?$select=fqdn,selfLink');
    expect(body).toEqual({
      kind: 'tm:ltm:pool:poolcollectionstate',
      selfLink: 'https://localhost/mgmt/tm/ltm/pool?$select=fqdn%2CselfLink&ver=14.1.0',
    });
    await client.post('ltm/pool', { name: 'p', members: ['10.0.0.1:80'] });
    const expanded = await client.get('ltm/pool/~Common~p?expandSubcollections=true');
    expect(expanded.body.selfLink).toBe(
      'https://localhost/mgmt/tm/ltm/pool/~Common~p?expandSubcollections=true&ver=14.1.0',
    );
    expect(expanded.body.membersReference.items).toHaveLength(1);
    expect((await client.get('ltm/pool/~Common~p')).body.membersReference).toEqual({
      link: 'https://localhost/mgmt/tm/ltm/pool/~Common~p/members?ver=14.1.0',
      isSubcollection: true,
    });
  });

  it('delete a collection only by pattern', async () => {
    const client = await withPools(3);
    expect((await client.delete('ltm/pool')).status).toBe(400);
    expect((await client.delete('ltm/pool?options=recursive+p*')).status).toBe(200);
    expect((await client.get('ltm/pool')).body.items).toBeUndefined();
  });
});

describe('route domains', () => {
  it('the default of a partition holds for addresses without %rd, and is not printed when one looks from there', async () => {
    const client = await startTest();
    await client.post('net/route-domain', { name: '4', id: 4 });
    await client.post('auth/partition', { name: 'P', defaultRouteDomain: 4 });
    await client.post('ltm/pool', { name: 'p', partition: 'P', members: ['10.0.0.1:80', '10.0.0.2%0:80'] });
    await client.post('ltm/virtual', { name: 'v', partition: 'P', destination: '/P/10.1.1.1:80' });
    const inside = await client.get('ltm/virtual?$filter=partition eq P');
    expect(inside.body.items[0].destination).toBe('/P/10.1.1.1:80');
    expect((await client.get('ltm/virtual/~P~v')).body.destination).toBe('/P/10.1.1.1:80');
    expect((await client.get('ltm/virtual')).body.items[0].destination).toBe('/P/10.1.1.1%4:80');
    expect((await client.get('ltm/virtual-address')).body.items[0].address).toBe('10.1.1.1%4');
    const members = (await client.get('ltm/pool/~P~p/members')).body.items;
    expect(members.map((item: { address: string }) => item.address)).toEqual(['10.0.0.1', '10.0.0.2%0']);
    expect((await client.get('ltm/pool/~P~p/members/~P~10.0.0.1%254:80')).status).toBe(200);
    expect((await client.post('ltm/node', { name: 'same', address: '10.0.0.1' })).status).toBe(200);
  });

  it('must exist to be a default, and cannot go while they are one', async () => {
    const client = await startTest();
    expect((await client.post('auth/partition', { name: 'Q', defaultRouteDomain: 9 })).status).toBe(400);
    expect((await client.get('auth/partition/Q')).status).toBe(404);
    await client.post('net/route-domain', { name: '4', id: 4 });
    await client.post('auth/partition', { name: 'P', defaultRouteDomain: 4 });
    expect((await client.delete('net/route-domain/~Common~4')).body.message).toBe(
      '0107097c:3: The specified route domain (4) is the default route domain for one or more partitions (P) and cannot be deleted.',
    );
  });
});

describe('partitions and folders', () => {
  it('a partition makes its folder, goes only when empty, and takes its folders along', async () => {
    const client = await startTest({ tmos: '16.1' });
    await client.post('auth/partition', { name: 'P' });
    expect((await client.get('sys/folder/~P')).body.fullPath).toBe('/P');
    await client.post('ltm/pool', { name: 'p', partition: 'P' });
    const refused = await client.delete('auth/partition/P');
    expect(refused.body.message).toBe(
      '0107082a:3: You must remove all objects from a partition before removing the partition (P), type ID (467)',
    );
    await client.delete('ltm/pool/~P~p');
    expect((await client.delete('auth/partition/P')).status).toBe(200);
    expect((await client.get('sys/folder/~P')).status).toBe(404);
    expect((await client.delete('auth/partition/Common')).status).toBe(400);
  });

  it('a folder directly below the root is a partition', async () => {
    const client = await startTest();
    expect((await client.post('sys/folder', { name: 'P', partition: '/' })).status).toBe(200);
    expect((await client.get('auth/partition/P')).status).toBe(200);
  });
});
