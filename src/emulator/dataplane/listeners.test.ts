import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, cleanUp, dial, member, namedBackend, pool, profile, serve, startPlane } from './test-kit.ts';
import { tcpBackend, until, unusedPort, virtual } from './test-kit.ts';

afterEach(cleanUp);

describe('listeners', () => {
  it('listen on the configured address where the machine has it', async () => {
    const backend = await namedBackend('a');
    const plane = startPlane({ map: 'auto' });
    const port = await unusedPort();
    await serve(plane, pool([member(backend)]), virtual({ address: '127.0.0.31', port }));
    expect(plane.listeners()).toEqual([
      { virtual: '/Common/vs', destination: `127.0.0.31:${port}`, protocol: 'tcp', address: '127.0.0.31', port },
    ]);
    const client = dial(port, '', { host: '127.0.0.31' });
    await until('the answer came', () => client.text() === 'a');
  });

  it('are mapped to a loopback port elsewhere, and say so', async () => {
    const backend = await namedBackend('a');
    const plane = startPlane({ map: 'auto', mapAddress: '127.0.0.3' });
    const config = virtual({ address: '192.0.2.10', port: 8080 });
    const port = await serve(plane, pool([member(backend)]), config);
    expect(plane.listeners()).toEqual([
      { virtual: '/Common/vs', destination: '192.0.2.10:8080', protocol: 'tcp', address: '127.0.0.3', port },
    ]);
    const client = dial(port, '', { host: '127.0.0.3' });
    await until('the answer came', () => client.text() === 'a');
  });

  it('report a problem instead, when mapping is off, or the protocol is unknown', async () => {
    const plane = startPlane({ map: 'never' });
    plane.setVirtual('/Common/a', virtual({ fullPath: '/Common/a', address: '192.0.2.10' }));
    plane.setVirtual('/Common/b', virtual({ fullPath: '/Common/b', ipProtocol: 'sctp' }));
    plane.setVirtual(
      '/Common/c',
      virtual({ fullPath: '/Common/c', ipProtocol: 'udp', profiles: [profile('client-ssl')] }),
    );
    plane.setVirtual('/Common/d', virtual({ fullPath: '/Common/d', enabled: false }));
    await plane.settled();
    expect(plane.listeners().map((one) => one.problem)).toEqual([
      'Cannot listen on 192.0.2.10:80: EADDRNOTAVAIL.',
      "Protocol 'sctp' is not supported by Node.",
      'DTLS is not supported by Node.',
      'The virtual server is disabled.',
    ]);
    expect(plane.listeners().every((one) => one.port === undefined)).toBe(true);
  });

  it('report an address that another program has, and take it when it is free and the configuration changes', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.32', resolve));
    const { port } = other.address() as { port: number };
    const plane = startPlane({ map: 'auto' });
    plane.setVirtual('/Common/vs', virtual({ address: '127.0.0.32', port }));
    await plane.settled();
    expect(plane.listeners()[0]?.problem).toBe(`Cannot listen on 127.0.0.32:${port}: EADDRINUSE.`);
    await new Promise<void>((resolve) => other.close(() => resolve()));
    plane.setVirtual('/Common/x', virtual({ fullPath: '/Common/x' }));
    await plane.settled();
    expect(plane.listeners()[0]).toMatchObject({ address: '127.0.0.32', port });
  });

  it('follow two virtual servers that swap their addresses, whichever comes first', async () => {
    const plane = startPlane({ map: 'auto' });
    const port = await unusedPort();
    const at = (name: string, address: string) => virtual({ fullPath: `/Common/${name}`, address, port });
    plane.setVirtual('/Common/a', at('a', '127.0.0.33'));
    plane.setVirtual('/Common/b', at('b', '127.0.0.34'));
    await plane.settled();
    plane.setVirtual('/Common/a', at('a', '127.0.0.34'));
    await plane.settled();
    expect(plane.listeners()[0]?.problem).toContain('EADDRINUSE');
    plane.setVirtual('/Common/b', at('b', '127.0.0.33'));
    await plane.settled();
    expect(plane.listeners().map((one) => one.address)).toEqual(['127.0.0.34', '127.0.0.33']);
  });

  it('keep their mapped port, and connections live on, when a virtual server is disabled, enabled, moved or gone', async () => {
    const backend = await tcpBackend((socket) => socket.pipe(socket));
    const plane = startPlane();
    const port = await serve(plane, pool([member(backend)]));
    const client = dial(port, 'one ');
    await until('the echo came', () => client.text() === 'one ');
    plane.setVirtual('/Common/vs', virtual({ enabled: false }));
    await plane.settled();
    expect(await ask(port, 'x')).toBe('reset');
    plane.setVirtual('/Common/vs', virtual({ port: 81 }));
    await plane.settled();
    expect(plane.listeners()[0]).toMatchObject({ destination: '10.1.10.50:81', port });
    expect(await ask(port, 'x')).toBe('x');
    plane.setVirtual('/Common/vs', undefined);
    await plane.settled();
    expect(plane.listeners()).toEqual([]);
    expect(await ask(port, 'x')).toBe('reset');
    client.socket.write('two');
    await until('the echo still comes', () => client.text() === 'one two');
  });

  it('do not drop or reopen when only the pool or a profile changes', async () => {
    const [a, b] = [await namedBackend('a'), await namedBackend('b')];
    const plane = startPlane();
    const port = await serve(plane, pool([member(a)]));
    plane.setPool('/Common/other', pool([member(b)], { fullPath: '/Common/other' }));
    plane.setVirtual('/Common/vs', virtual({ pool: '/Common/other', profiles: [profile('fastl4')] }));
    expect(await ask(port)).toBe('b');
  });

  it('listen for TCP and UDP when the protocol is any', async () => {
    const plane = startPlane();
    plane.setVirtual('/Common/vs', virtual({ ipProtocol: 'any', port: 0, address: '0.0.0.0' }));
    await plane.settled();
    expect(plane.listeners().map((one) => [one.protocol, one.destination, typeof one.port])).toEqual([
      ['tcp', '0.0.0.0:0', 'number'],
      ['udp', '0.0.0.0:0', 'number'],
    ]);
  });

  it('serve IPv6 virtual servers on a mapped port', async () => {
    const backend = await namedBackend('a');
    const plane = startPlane({ map: 'auto' });
    const port = await serve(plane, pool([member(backend)]), virtual({ address: '2001:db8::1', source: '::/0' }));
    expect(plane.listeners()[0]?.destination).toBe('2001:db8::1.80');
    expect(await ask(port)).toBe('a');
  });
});
