import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import type { VirtualConfig } from '../model.ts';
import { cleanUp, later, member, pool, profile, serve, startPlane, until, unusedPort, virtual } from '../test-kit.ts';

afterEach(cleanUp);

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  later(() => void socket.close());
  return socket;
}

/** Answers each datagram with its name, the datagram, and the port that it came from. */
async function udpBackend(name: string): Promise<{ address: string; port: number; seen: string[] }> {
  const socket = await bound();
  const seen: string[] = [];
  socket.on('message', (bytes, from) => {
    seen.push(bytes.toString());
    socket.send(`${name} ${bytes.toString()} ${from.port}`, from.port, from.address);
  });
  return { address: '127.0.0.1', port: socket.address().port, seen };
}

async function udpClient(port: number): Promise<{ send: (text: string) => void; got: string[] }> {
  const socket = await bound();
  const got: string[] = [];
  socket.on('message', (bytes) => got.push(bytes.toString()));
  return { send: (text) => socket.send(text, port, '127.0.0.1'), got };
}

function udp(settings: Record<string, unknown> = {}, more: Partial<VirtualConfig> = {}): VirtualConfig {
  return virtual({ ipProtocol: 'udp', port: 53, profiles: [profile('udp', settings)], ...more });
}

describe('a UDP virtual server', () => {
  it('keeps a client with one member and one source port, and counts the flow as a connection', async () => {
    const [a, b] = [await udpBackend('a'), await udpBackend('b')];
    const plane = startPlane();
    const port = await serve(plane, pool([member(a), member(b)]), udp());
    const [one, other] = [await udpClient(port), await udpClient(port)];
    for (const text of ['1', '2', '3']) {
      one.send(text);
      await until('the answer came', () => one.got.length === Number(text));
    }
    other.send('x');
    await until('the other answer came', () => other.got.length === 1);
    expect(a.seen).toEqual(['1', '2', '3']);
    expect(b.seen).toEqual(['x']);
    expect(new Set(one.got.map((text) => text.split(' ')[2])).size).toBe(1);
    expect(plane.virtualCounters('/Common/vs')).toMatchObject({
      curConns: 2,
      totConns: 2,
      pktsIn: 4,
      pktsOut: 4,
      bitsIn: 32,
    });
    expect(plane.memberCounters('/Common/web', member(a).fullPath)).toMatchObject({ curConns: 1, pktsIn: 3 });
  });

  it('forgets a flow that is idle, and balances the client anew', async () => {
    const [a, b] = [await udpBackend('a'), await udpBackend('b')];
    const plane = startPlane({ timeScale: 0.001 });
    const port = await serve(plane, pool([member(a), member(b)]), udp({ idleTimeout: '60' }));
    const client = await udpClient(port);
    client.send('1');
    await until('the flow has ended', () => {
      const { totConns, curConns } = plane.virtualCounters('/Common/vs');
      return totConns === 1 && curConns === 0;
    });
    client.send('2');
    await until('the second datagram came', () => b.seen.length === 1);
    expect(a.seen).toEqual(['1']);
  });

  it('ends a flow with its first answer when the time-out is immediate', async () => {
    const backend = await udpBackend('a');
    const plane = startPlane();
    const client = await udpClient(await serve(plane, pool([member(backend)]), udp({ idleTimeout: 'immediate' })));
    client.send('1');
    await until('the answer came', () => client.got.length === 1);
    expect(plane.virtualCounters('/Common/vs')).toMatchObject({ curConns: 0, totConns: 1, pktsOut: 1 });
  });

  it('balances each datagram with datagramLoadBalancing, and answers still reach the client', async () => {
    const [a, b] = [await udpBackend('a'), await udpBackend('b')];
    const settings = { datagramLoadBalancing: 'enabled' };
    const port = await serve(startPlane(), pool([member(a), member(b)]), udp(settings));
    const client = await udpClient(port);
    for (const text of ['1', '2', '3', '4']) {
      client.send(text);
      await until('the answer came', () => client.got.length === Number(text));
    }
    expect([a.seen, b.seen]).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
  });

  it('ends a flow whose member is not there, and takes no more flows than its limit', async () => {
    const plane = startPlane();
    const gone = member({ address: '127.0.0.1', port: await unusedPort() });
    const port = await serve(plane, pool([gone]), udp({}, { connectionLimit: 1 }));
    const client = await udpClient(port);
    client.send('1');
    await until('the refused flow has ended', () => {
      const { totConns, curConns } = plane.virtualCounters('/Common/vs');
      return totConns === 1 && curConns === 0;
    });
    const backend = await udpBackend('a');
    plane.setPool('/Common/web', pool([member(backend)]));
    const [one, other] = [await udpClient(port), await udpClient(port)];
    one.send('1');
    await until('the first is answered', () => one.got.length === 1);
    other.send('dropped');
    one.send('2');
    await until('the first is answered again', () => one.got.length === 2);
    expect(backend.seen).toEqual(['1', '2']);
  });
});
