import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import type { Client } from '../test-kit.ts';
import {
  addressesFor,
  ask,
  dnsPort,
  listenersOf,
  make,
  rawQuery,
  resolverFor,
  see,
  startGtm,
  startWideip,
} from './test-kit.ts';

const refused = 5;
const nxdomain = 3;

async function udp(client: Client, query: Buffer): Promise<Buffer> {
  const socket = createSocket('udp4');
  try {
    socket.send(query, await dnsPort(client), '127.0.0.1');
    const [message] = (await once(socket, 'message')) as [Buffer];
    return message;
  } finally {
    socket.close();
  }
}

describe('AC-13: DNS answers follow the wide IPs', () => {
  it('answers with the virtual server of the server, follows it to another address, and forgets it', async () => {
    const client = await startGtm();
    await make(client, 'gtm/server/~Common~s/virtual-servers', { name: 'shop', destination: '10.1.10.50:80' });
    await make(client, 'gtm/pool/a', { name: 'shop', members: ['s:shop'] });
    await make(client, 'gtm/wideip/a', { name: 'shop.example.com', pools: ['shop'] });
    const resolver = await resolverFor(client);
    expect(await resolver.resolve4('shop.example.com', { ttl: true })).toEqual([{ address: '10.1.10.50', ttl: 30 }]);

    const moved = await client.patch('gtm/server/~Common~s/virtual-servers/shop', { destination: '10.1.10.51:80' });
    expect(moved.status).toBe(200);
    expect(await resolver.resolve4('shop.example.com')).toEqual(['10.1.10.51']);

    for (const path of ['wideip/a/~Common~shop.example.com', 'pool/a/~Common~shop']) {
      expect((await client.delete(`gtm/${path}`)).status).toBe(200);
    }
    await expect(resolver.resolve4('shop.example.com')).rejects.toMatchObject({ code: 'EREFUSED' });
  });
});

it('a wide IP with a pool of canonical names answers queries for addresses and for names with them', async () => {
  const client = await startGtm();
  await make(client, 'gtm/pool/cname', { name: 'c', members: [{ name: 'new.example.net', staticTarget: 'yes' }] });
  await make(client, 'gtm/wideip/a', { name: 'old.example.com', poolsCname: ['c'] });
  const resolver = await resolverFor(client);
  expect(await resolver.resolveCname('old.example.com')).toEqual(['new.example.net']);
  const { bytes, counts } = ask(client, rawQuery('old.example.com'));
  expect(counts[0]).toBe(1);
  expect(bytes.includes('new')).toBe(true);
  await expect(resolver.resolveMx('old.example.com')).rejects.toMatchObject({ code: 'ENODATA' });
});

describe('listeners', () => {
  it('answer by UDP and TCP at the address of the gtm listener, and are in the table of listeners', async () => {
    const client = await startWideip({}, {}, { dns: {} });
    for (const ipProtocol of ['udp', 'tcp']) {
      // Nobody has this address: both are mapped, to the same port.
      await make(client, 'gtm/listener', { name: `dns-${ipProtocol}`, address: '192.0.2.53', ipProtocol });
    }
    const [udpListener] = await listenersOf(client, '/Common/dns-udp');
    const [tcpListener] = await listenersOf(client, '/Common/dns-tcp');
    expect(udpListener).toMatchObject({ destination: '192.0.2.53:53', protocol: 'udp', address: '127.0.0.1' });
    expect(tcpListener).toMatchObject({ protocol: 'tcp', port: udpListener?.port });
    const resolver = await resolverFor(client, '/Common/dns-udp');
    expect(await resolver.resolve4('www.example.com')).toHaveLength(1);

    expect((await client.patch('gtm/listener/~Common~dns-udp', { disabled: true })).status).toBe(200);
    expect(await listenersOf(client, '/Common/dns-udp')).toMatchObject([{ problem: 'The listener is disabled.' }]);
    expect((await client.delete('gtm/listener/~Common~dns-tcp')).status).toBe(200);
    expect(await listenersOf(client, '/Common/dns-tcp')).toEqual([]);
  });

  it('listen on their own address where this machine has it', async () => {
    const client = await startWideip({}, {}, { dns: {} });
    const free = await dnsPort(await startGtm());
    await make(client, 'gtm/listener', { name: 'own', address: '127.86.31.7', port: free });
    expect(await listenersOf(client, '/Common/own')).toMatchObject([{ address: '127.86.31.7', port: free }]);
  });

  it('come with the data plane, and only while gtm is provisioned', async () => {
    const client = await startGtm({ dns: { port: 0 }, dataPlane: () => createDataPlane() });
    expect(await dnsPort(client)).toBeGreaterThan(0);
    expect((await client.patch('sys/provision/gtm', { level: 'none' })).status).toBe(200);
    expect(await listenersOf(client, '(dns)')).toEqual([]);
  });
});

describe('answers', () => {
  it('are given for every type of wide IP', async () => {
    const client = await startWideip({}, { aliases: ['alias.example.com'] });
    await make(client, 'gtm/server/~Common~s/virtual-servers', { name: 'six', destination: '2001:db8::6.80' });
    await make(client, 'gtm/pool/aaaa', { name: 'p6', members: ['s:six'] });
    await make(client, 'gtm/wideip/aaaa', { name: 'www.example.com', pools: ['p6'] });
    const others: Readonly<Record<string, Record<string, unknown>>> = {
      cname: { name: 'www.example.com' },
      mx: { name: 'mail.example.com', priority: 10 },
      srv: { name: 'sip.example.com', port: 5060, priority: 1, weight: 2 },
      naptr: { name: 'sip.example.com', flags: 's', preference: 5, service: 'SIP+D2U' },
    };
    for (const [type, member] of Object.entries(others)) {
      await make(client, `gtm/pool/${type}`, { name: type, members: [member] });
      await make(client, `gtm/wideip/${type}`, { name: `${type}.example.com`, pools: [type] });
    }
    const resolver = await resolverFor(client);
    expect(await resolver.resolve6('www.example.com')).toEqual(['2001:db8::6']);
    expect(await resolver.resolve4('ALIAS.example.com')).toHaveLength(1);
    expect(await resolver.resolveCname('cname.example.com')).toEqual(['www.example.com']);
    // The chain goes on in the wide IP that the name is of.
    expect(await resolver.resolve6('cname.example.com')).toEqual(['2001:db8::6']);
    expect(await resolver.resolveMx('mx.example.com')).toMatchObject([{ exchange: 'mail.example.com', priority: 10 }]);
    const srv = { name: 'sip.example.com', port: 5060, priority: 1, weight: 2 };
    expect(await resolver.resolveSrv('srv.example.com')).toMatchObject([srv]);
    const naptr = { flags: 's', service: 'SIP+D2U', preference: 5, replacement: 'sip.example.com' };
    expect(await resolver.resolveNaptr('naptr.example.com')).toMatchObject([naptr]);
    const any = await resolver.resolveAny('www.example.com');
    expect(any.map(({ type }) => type).sort()).toEqual(['A', 'AAAA']);
  });

  it('follow pools of canonical names of a wide IP of addresses, and end where names go in circles', async () => {
    const client = await startWideip();
    await make(client, 'gtm/pool/cname', {
      name: 'outside',
      members: [{ name: 'cdn.example.net', staticTarget: 'yes' }],
    });
    await make(client, 'gtm/wideip/a', { name: 'out.example.com', poolsCname: ['outside'] });
    await make(client, 'gtm/pool/cname', { name: 'loop', members: [{ name: 'loop.example.com' }] });
    await make(client, 'gtm/wideip/cname', { name: 'loop.example.com', pools: ['loop'] });
    expect(ask(client, rawQuery('out.example.com')).counts).toEqual([1, 0, 0]);
    expect(ask(client, rawQuery('loop.example.com')).counts[0]).toBeLessThanOrEqual(8);
    const { body } = await client.get('gtm/wideip/a/~Common~out.example.com/stats');
    expect(JSON.stringify(body)).toContain('"cnameResolutions":{"value":1}');
  });

  it('say NXDOMAIN, no data or REFUSED for what is not there', async () => {
    const client = await startWideip();
    expect(ask(client, rawQuery('other.example.com'))).toMatchObject({ rcode: nxdomain, counts: [0, 1, 0] });
    expect(ask(client, rawQuery('www.example.com', 28))).toMatchObject({ rcode: 0, counts: [0, 1, 0] });
    expect(ask(client, rawQuery('www.example.com', 16))).toMatchObject({ rcode: 0, counts: [0, 1, 0] });
    expect(ask(client, rawQuery('example.com'))).toMatchObject({ rcode: 0, counts: [0, 1, 0] });
    expect(ask(client, rawQuery('example.org'))).toMatchObject({ rcode: refused, authoritative: false });
    expect(ask(client, rawQuery(''))).toMatchObject({ rcode: refused });
    const resolver = await resolverFor(client);
    expect(await resolver.resolveSoa('example.com')).toMatchObject({ nsname: 'this.name.is.invalid' });
    expect(await resolver.resolveNs('example.com')).toEqual(['bigip1.example.com']);
    await expect(resolver.resolve4('other.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve6('www.example.com')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('match wildcards, the nearest first, and names before them', async () => {
    const client = await startWideip();
    const names = { '*.example.com': '9', 'w?w.example.com': '8', '*.b.example.com': '7' };
    for (const [name, last] of Object.entries(names)) {
      await make(client, 'gtm/server/~Common~s/virtual-servers', {
        name: `w${last}`,
        destination: `192.0.2.${last}:80`,
      });
      await make(client, 'gtm/pool/a', { name: `w${last}`, members: [`s:w${last}`] });
      await make(client, 'gtm/wideip/a', { name, pools: [`w${last}`] });
    }
    const resolver = await resolverFor(client);
    expect(await resolver.resolve4('x.y.example.com')).toEqual(['192.0.2.9']);
    expect(await resolver.resolve4('wxw.example.com')).toEqual(['192.0.2.8']);
    expect(await resolver.resolve4('a.b.example.com')).toEqual(['192.0.2.7']);
    expect(await resolver.resolve4('www.example.com')).toEqual(['192.0.2.1']);
    expect(ask(client, rawQuery('x.example.com', 15))).toMatchObject({ rcode: 0, counts: [0, 1, 0] });
  });

  it('add the zone and addresses of names when minimalResponse is disabled', async () => {
    const client = await startWideip();
    await make(client, 'gtm/pool/mx', { name: 'mx', members: [{ name: 'www.example.com', priority: 1 }] });
    await make(client, 'gtm/wideip/mx', { name: 'example.com', pools: ['mx'], minimalResponse: 'disabled' });
    expect(ask(client, rawQuery('example.com', 15)).counts).toEqual([1, 1, 1]);
    expect((await client.patch('gtm/wideip/mx/~Common~example.com', { minimalResponse: 'enabled' })).status).toBe(200);
    expect(ask(client, rawQuery('example.com', 15)).counts).toEqual([1, 0, 0]);
  });
});

describe('the protocol', () => {
  it('cuts what is too long for UDP, and gives all of it over TCP and to larger EDNS0 sizes', async () => {
    const client = await startWideip({ maxAnswersReturned: 100 });
    const members: string[] = [];
    for (let at = 4; at < 64; at += 1) {
      await make(client, 'gtm/server/~Common~s/virtual-servers', { name: `v${at}`, destination: `192.0.2.${at}:80` });
      members.push(`s:v${at}`);
    }
    expect((await client.patch('gtm/pool/a/~Common~p', { members })).status).toBe(200);
    const cut = see(await udp(client, rawQuery('www.example.com')));
    expect([cut.truncated, cut.counts]).toEqual([true, [0, 0, 0]]);
    const large = see(await udp(client, rawQuery('www.example.com', 1, { edns: 4096 })));
    expect([large.truncated, large.counts]).toEqual([false, [60, 0, 1]]);
    // c-ares asks again over TCP.
    const resolver = await resolverFor(client);
    expect(await resolver.resolve4('www.example.com')).toHaveLength(60);
  });

  it('answers several queries of a TCP connection, however they are cut up', async () => {
    const client = await startWideip();
    const socket = connect(await dnsPort(client), '127.0.0.1');
    const query = rawQuery('www.example.com');
    const framed = Buffer.concat([Buffer.from([0, query.length]), query]);
    const both = Buffer.concat([framed, framed]);
    for (const byte of both) socket.write(Buffer.from([byte]));
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= 2 * (2 + query.length + 16)) break;
    }
    const bytes = Buffer.concat(chunks);
    expect(see(bytes.subarray(2, 2 + bytes.readUInt16BE(0)))).toMatchObject({ id: 0x1234, counts: [1, 0, 0] });
  });

  it('refuses what it does not speak', async () => {
    const client = await startWideip();
    expect(ask(client, rawQuery('www.example.com', 1, { opcode: 4 })).rcode).toBe(4);
    expect(ask(client, rawQuery('www.example.com', 1, { class: 3 })).rcode).toBe(refused);
    expect(ask(client, rawQuery('www.example.com').subarray(0, 20)).rcode).toBe(1);
    const version = ask(client, rawQuery('www.example.com', 1, { edns: 512, version: 1 }));
    // BADVERS is 16: 0 in the header, 1 in the OPT.
    expect([version.rcode, version.bytes.at(-6)]).toEqual([0, 1]);
  });

  it('survives random messages, and still answers', async () => {
    const client = await startWideip({ maxAnswersReturned: 3 });
    const seed = rawQuery('www.example.com', 1, { edns: 4096 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(seed.length), (bytes, at) => {
        const message = Buffer.concat([seed.subarray(0, at), Buffer.from(bytes)]);
        expect(() => client.emulator.dns?.answer(message, '198.51.100.1')).not.toThrow();
      }),
      { numRuns: 3000 },
    );
    expect(addressesFor(client)).toHaveLength(3);
  });

  it('answers SERVFAIL for a configured name that fits into no message', async () => {
    const client = await startGtm();
    await make(client, 'gtm/pool/cname', {
      name: 'bad',
      members: [{ name: `${'x'.repeat(64)}.com`, staticTarget: 'yes' }],
    });
    await make(client, 'gtm/wideip/cname', { name: 'bad.example.com', pools: ['bad'] });
    expect(ask(client, rawQuery('bad.example.com', 5)).rcode).toBe(2);
  });
});
