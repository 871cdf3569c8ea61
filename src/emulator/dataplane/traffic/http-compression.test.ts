import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { DataPlane } from '../model.ts';
import { cleanUp, dial, httpBackend, member, pool, profile, serve, startPlane, until, virtual } from '../test-kit.ts';

afterEach(cleanUp);

const TEXT = 'All is well. '.repeat(400);

/** What a stock httpcompression profile says. */
const DEFAULTS = {
  allowHttp_10: 'disabled',
  bufferSize: 4096,
  contentTypeExclude: [],
  contentTypeInclude: ['text/', 'application/(xml|x-javascript)'],
  gzipLevel: 1,
  gzipMemoryLevel: 8192,
  gzipWindowSize: 16_384,
  keepAcceptEncoding: 'disabled',
  methodPrefer: 'gzip',
  minSize: 1024,
  selective: 'disabled',
  uriExclude: [],
  uriInclude: ['.*'],
  varyHeader: 'enabled',
};

interface Site {
  readonly plane: DataPlane;
  readonly ask: (head: string) => Promise<{ readonly head: string; readonly body: Buffer }>;
  /** What the backend was asked. */
  readonly seen: readonly IncomingMessage[];
}

async function start(
  settings: Record<string, unknown> = {},
  answer: (response: ServerResponse) => void = (response) => response.end(TEXT),
): Promise<Site> {
  const seen: IncomingMessage[] = [];
  const backend = await httpBackend('', (request, response) => {
    seen.push(request);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    answer(response);
  });
  const plane = startPlane();
  const compression = profile('http-compression', { ...DEFAULTS, ...settings });
  const profiles = [profile('tcp'), profile('http'), compression];
  const port = await serve(plane, pool([member(backend)]), virtual({ profiles }));
  const ask = async (head: string): Promise<{ head: string; body: Buffer }> => {
    const client = dial(port, `${head}\r\n\r\n`);
    client.socket.end();
    await until('it is answered', () => client.ended());
    const text = client.text();
    const end = text.indexOf('\r\n\r\n') + 4;
    return { head: text.slice(0, end), body: Buffer.from(text.slice(end), 'latin1') };
  };
  return { plane, ask, seen };
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close';

/** The data of a chunked body. */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + size + 4;
  }
}

describe('an http-compression profile', () => {
  it('compresses for clients that ask for it, and asks servers for what is not compressed', async () => {
    const { ask, seen, plane } = await start();
    const { head, body } = await ask(`${GET}\r\nAccept-Encoding: br, gzip`);
    expect(head).toMatch(/content-encoding: gzip\r\n/i);
    expect(head).toMatch(/vary: Accept-Encoding\r\n/i);
    expect(head).toContain(`Content-Length: ${body.length}\r\n`);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(gunzipSync(body).toString()).toBe(TEXT);
    expect(seen[0]?.headers['accept-encoding']).toBeUndefined();
    const counts = plane.profileCounts('/Common/http-compression');
    expect(Object.fromEntries(counts ?? [])).toEqual({
      preCompressBytes: TEXT.length,
      postCompressBytes: body.length,
      htmlPreCompressBytes: TEXT.length,
      htmlPostCompressBytes: body.length,
    });
  });

  it.each([
    ['no coding that it knows', {}, `${GET}\r\nAccept-Encoding: br`],
    ['none', {}, GET],
    ['gzip by no means', {}, `${GET}\r\nAccept-Encoding: gzip;q=0`],
    ['HTTP/1.0', {}, 'GET / HTTP/1.0\r\nAccept-Encoding: gzip'],
    ['another type', { contentTypeInclude: ['application/'] }, `${GET}\r\nAccept-Encoding: gzip`],
    ['a type that is left out', { contentTypeExclude: ['text/html'] }, `${GET}\r\nAccept-Encoding: gzip`],
    ['a path that is left out', { uriExclude: ['^/$'] }, `${GET}\r\nAccept-Encoding: gzip`],
    ['little', { minSize: TEXT.length + 1 }, `${GET}\r\nAccept-Encoding: gzip`],
    ['what a rule has to ask for', { selective: 'enabled' }, `${GET}\r\nAccept-Encoding: gzip`],
  ])('leaves an answer as it is for %s', async (_what, settings, request) => {
    const { ask } = await start(settings, (response) => response.setHeader('Content-Length', TEXT.length).end(TEXT));
    const { head, body } = await ask(request);
    expect(head).not.toMatch(/content-encoding|vary/i);
    expect(body.toString()).toBe(TEXT);
  });

  it('leaves what is compressed already, and what may not be changed', async () => {
    for (const [name, value] of [
      ['Content-Encoding', 'br'],
      ['Cache-Control', 'max-age=1, no-transform'],
    ] as const) {
      const { ask } = await start({}, (response) => response.setHeader(name, value).end(TEXT));
      expect((await ask(`${GET}\r\nAccept-Encoding: gzip`)).head).not.toMatch(/content-encoding: gzip/i);
    }
    const { ask } = await start();
    const head = await ask(`${GET.replace('GET', 'HEAD')}\r\nAccept-Encoding: gzip`);
    expect(head.head).not.toMatch(/content-encoding/i);
  });

  it('sends in chunks what does not fit into its buffer', async () => {
    const random = Array.from({ length: 20_000 }, (_, index) => String((index * 7919) % 10_007)).join(' ');
    const { ask } = await start({}, (response) => {
      response.write(random.slice(0, 50_000));
      response.end(random.slice(50_000));
    });
    const { head, body } = await ask(`${GET}\r\nAccept-Encoding: gzip`);
    expect(head).toMatch(/transfer-encoding: chunked/i);
    expect(head).not.toMatch(/content-length/i);
    expect(gunzipSync(unchunked(body)).toString()).toBe(random);
  });

  it('ends the connection of an HTTP/1.0 client with an answer of unknown length, if it serves such clients', async () => {
    const random = Array.from({ length: 20_000 }, (_, index) => String((index * 7919) % 10_007)).join(' ');
    const { ask } = await start({ allowHttp_10: 'enabled' }, (response) => response.end(random));
    const { head, body } = await ask('GET / HTTP/1.0\r\nConnection: keep-alive\r\nAccept-Encoding: gzip');
    expect(head).toMatch(/connection: close/i);
    expect(gunzipSync(body).toString()).toBe(random);
  });

  it('prefers the method that it says, and leaves Vary and the request alone where it says so', async () => {
    const settings = { methodPrefer: 'deflate', varyHeader: 'disabled', keepAcceptEncoding: 'enabled' };
    const { ask, seen } = await start(settings);
    const { head, body } = await ask(`${GET}\r\nAccept-Encoding: gzip, *`);
    expect(head).toMatch(/content-encoding: deflate/i);
    expect(head).not.toMatch(/vary/i);
    expect(inflateSync(body).toString()).toBe(TEXT);
    expect(seen[0]?.headers['accept-encoding']).toBe('gzip, *');
  });

  it('keeps the connection for further requests', async () => {
    const { ask } = await start();
    const one = 'GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n';
    const { body } = await ask(one + GET);
    expect(body.toString('latin1')).toContain('HTTP/1.1 200 OK');
    expect(body.toString('latin1').endsWith(TEXT)).toBe(true);
  });
});
