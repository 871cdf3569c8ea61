import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { DataPlane, ProfileConfig } from './model.ts';
import {
  ask,
  cleanUp,
  dial,
  httpBackend,
  later,
  member,
  pool,
  profile,
  serve,
  startPlane,
  tcpBackend,
  TEST_CERTIFICATE,
  until,
  unusedPort,
  virtual,
} from './test-kit.ts';

afterEach(cleanUp);

function counts(plane: DataPlane, name: string): Record<string, number> {
  return Object.fromEntries(plane.profileCounts(`/Common/${name}`) ?? []);
}

describe('statistics of profiles', () => {
  it('of http count requests and answers by version, method, status and size', async () => {
    const backend = await httpBackend('', (request, response) => {
      response.statusCode = request.url === '/missing' ? 404 : 200;
      response.end('x'.repeat(Number(request.url?.slice(1)) || 10));
    });
    const plane = startPlane();
    const persistence = { type: 'cookie', settings: { method: 'insert' } };
    const profiles = [profile('tcp'), profile('http')];
    const port = await serve(plane, pool([member(backend)]), virtual({ profiles, persistence }));
    expect(plane.profileCounts('/Common/http')).toBeUndefined();
    const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    await ask(port, get('/5000') + get('/missing') + get('/100000', 'Connection: close\r\n'));
    await ask(port, 'POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx');
    expect(counts(plane, 'http')).toEqual({
      numberReqs: 4,
      v11Reqs: 3,
      v10Reqs: 1,
      getReqs: 3,
      postReqs: 1,
      maxKeepaliveReq: 3,
      v11Resp: 4,
      resp_2xxCnt: 3,
      resp_4xxCnt: 1,
      respBucket_1k: 2,
      respBucket_16k: 1,
      respBucket_128k: 1,
      cookiePersistInserts: 4,
    });
  });

  it('of tcp count connections of each side', async () => {
    const backend = await tcpBackend((socket) => socket.resume().on('end', () => socket.end()));
    const plane = startPlane();
    const [client, server]: readonly ProfileConfig[] = [
      { ...profile('tcp'), fullPath: '/Common/client', context: 'clientside' },
      { ...profile('tcp'), fullPath: '/Common/server', context: 'serverside' },
    ];
    const port = await serve(
      plane,
      pool([member(backend)]),
      virtual({ profiles: [client!, server!], connectionLimit: 1 }),
    );
    const first = dial(port);
    await until('it is connected', () => counts(plane, 'server')['open'] === 1);
    expect(await ask(port)).toBe('reset');
    expect([counts(plane, 'client'), counts(plane, 'server')]).toEqual([
      { accepts: 1, open: 1, acceptfails: 1 },
      { connects: 1, open: 1 },
    ]);
    first.socket.resetAndDestroy();
    await until('all is over', () => counts(plane, 'client')['open'] === 0 && counts(plane, 'server')['open'] === 0);
    expect(counts(plane, 'client')['rxrst']).toBe(1);
    const nobody = pool([member({ address: '127.0.0.1', port: await unusedPort() })]);
    plane.setPool('/Common/web', nobody);
    await ask(port);
    expect(counts(plane, 'server')).toMatchObject({ connects: 1, connfails: 1 });
  });

  it('of client-ssl and server-ssl count handshakes, ciphers and bytes', async () => {
    const backend = createTlsServer({ ...TEST_CERTIFICATE, maxVersion: 'TLSv1.2' }, (_request, response) =>
      response.end('safe'),
    );
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    later(() => {
      backend.closeAllConnections();
      backend.close();
    });
    const at = { address: '127.0.0.1', port: (backend.address() as AddressInfo).port };
    const client = { ...profile('client-ssl', { peerCertMode: 'ignore' }), tls: { pairs: [TEST_CERTIFICATE] } };
    const profiles = [profile('tcp'), profile('http'), client, profile('server-ssl')];
    const plane = startPlane();
    const port = await serve(plane, pool([member(at)]), virtual({ profiles }));
    const ask = async (): Promise<string> => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      return text;
    };
    expect(await ask()).toContain('safe');
    await until('all is over', () => counts(plane, 'server-ssl')['common.curConns'] === 0);
    await until('all is over', () => counts(plane, 'client-ssl')['common.curConns'] === 0);
    expect(counts(plane, 'client-ssl')).toMatchObject({
      'common.maxConns': 1,
      'common.totNativeConns': 1,
      'common.protocolUses.tlsv1_3': 1,
      'common.cipherUses.aesGcmBulk': 1,
      'common.decryptedBytesIn': 46,
    });
    expect(counts(plane, 'client-ssl')['common.encryptedBytesIn']).toBeGreaterThan(46);
    expect(counts(plane, 'client-ssl')['common.encryptedBytesOut']).toBeGreaterThan(
      counts(plane, 'client-ssl')['common.decryptedBytesOut']!,
    );
    expect(counts(plane, 'server-ssl')).toMatchObject({
      'common.totNativeConns': 1,
      'common.protocolUses.tlsv1_2': 1,
      'common.cipherUses.ecdheEcdsaKeyxchg': 1,
      'common.peercertInvalid': 1,
    });
    dial(port, 'this is no TLS');
    await until('the handshake has failed', () => counts(plane, 'client-ssl')['common.handshakeFailures'] === 1);
  });
});
