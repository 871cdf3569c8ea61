import fc from 'fast-check';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readClientHello } from './client-hello.ts';

/** The first bytes that Node sends as a TLS client. */
async function helloOf(options: { servername?: string; ALPNProtocols?: string[] }): Promise<Buffer> {
  return await new Promise<Buffer>((resolve) => {
    const server = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', (bytes: Buffer) => {
          socket.destroy();
          server.close(() => resolve(bytes));
        });
    });
    server.listen(0, '127.0.0.1', () => {
      connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options }).on('error', () => {});
    });
  });
}

describe('the TLS hello of a client', () => {
  it('tells server name and protocols, once it is whole', async () => {
    const bytes = await helloOf({ servername: 'shop.example.com', ALPNProtocols: ['h2', 'http/1.1'] });
    expect(readClientHello(bytes)).toMatchObject({ serverName: 'shop.example.com', alpn: ['h2', 'http/1.1'] });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readClientHello(bytes.subarray(0, length))).toBeUndefined();
    }
    expect(readClientHello(await helloOf({}))).toMatchObject({ serverName: '', alpn: [] });
  });

  it('is read from several records', async () => {
    const bytes = await helloOf({ servername: 'shop.example.com' });
    const body = bytes.subarray(5);
    const record = (part: Buffer): Buffer =>
      Buffer.concat([bytes.subarray(0, 3), Buffer.from([part.length >> 8, part.length & 255]), part]);
    const split = Buffer.concat([record(body.subarray(0, 50)), record(body.subarray(50))]);
    expect(readClientHello(split)?.serverName).toBe('shop.example.com');
  });

  it('is none in anything else, and no bytes make the reader fail', async () => {
    expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n'))).toBeNull();
    const bytes = await helloOf({ servername: 'shop.example.com', ALPNProtocols: ['h2'] });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 }), (edits) => {
        const broken = Buffer.from(bytes);
        for (const [at, value] of edits) broken[at] = value;
        expect(() => readClientHello(broken)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        expect(() => readClientHello(Buffer.from(any))).not.toThrow();
      }),
    );
  });
});
