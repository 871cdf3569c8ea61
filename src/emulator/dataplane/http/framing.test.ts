import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyExtent, keepsAlive, requestBody, responseBody } from './framing.ts';
import type { BodyKind } from './framing.ts';
import { headEnd, HttpError, parseRequest, parseResponse, printHead, withHeader, withoutHeader } from './head.ts';
import type { RequestHead, ResponseHead } from './head.ts';

const LIMITS = { maxSize: 32_768, maxCount: 64 };

function request(text: string): RequestHead {
  return parseRequest(Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n\r\n`), LIMITS);
}

function response(text: string): ResponseHead {
  return parseResponse(Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n\r\n`), LIMITS);
}

/** How many bytes of `text` belong to the body, when it comes in pieces of the given sizes. */
function extent(kind: BodyKind, text: string, sizes: readonly number[]): { taken: number; done: boolean } {
  const body = bodyExtent(kind);
  let taken = 0;
  for (let at = 0, i = 0; at < text.length && !body.done; i += 1) {
    const piece = Buffer.from(text.slice(at, at + (sizes[i % sizes.length] ?? 1)));
    taken += body.accept(piece);
    at += piece.length;
  }
  return { taken, done: body.done };
}

describe('heads', () => {
  it('come out as they went in', () => {
    const text = 'BREW /a?b HTTP/1.1\r\nhOST:  x \r\nFold: a\r\n b\r\nFold: c\r\n\r\n';
    const head = parseRequest(Buffer.from(text), LIMITS);
    expect(printHead(head).toString()).toBe(text);
    expect(head).toMatchObject({ method: 'BREW', target: '/a?b', minor: 1 });
    expect(head.headers.map((one) => [one.name, one.value])).toEqual([
      ['host', 'x'],
      ['fold', 'a\r\n b'],
      ['fold', 'c'],
    ]);
  });

  it('are complete at their blank line, and not before', () => {
    const bytes = Buffer.from('GET / HTTP/1.1\r\nA: b\r\n\r\nbody');
    expect(headEnd(bytes, LIMITS)).toBe(bytes.length - 4);
    expect(headEnd(bytes.subarray(0, -5), LIMITS)).toBeUndefined();
    expect(headEnd(Buffer.from('GET / HTTP/1.1\n\nx'), LIMITS)).toBe(16);
    expect(() => headEnd(bytes, { maxSize: 10, maxCount: 9 })).toThrow(HttpError);
  });

  it('get and lose lines', () => {
    const head = request('GET / HTTP/1.1\nX-A: 1\nx-a: 2\nB: 3');
    expect(printHead(withHeader(withoutHeader(head, 'X-a'), 'C', '4')).toString()).toBe(
      'GET / HTTP/1.1\r\nB: 3\r\nC: 4\r\n\r\n',
    );
  });

  it('are refused when they are none', () => {
    expect(() => request('GET /')).toThrow("no HTTP/1 request line: 'GET /'");
    expect(() => request('GET / HTTP/2.0')).toThrow(HttpError);
    expect(() => request('GET / HTTP/1.1\nno colon')).toThrow("no header line: 'no colon'");
    expect(() => response('HTTP/1.1 20 x')).toThrow(HttpError);
    expect(response('HTTP/1.0 200').status).toBe(200);
  });
});

describe('bodies', () => {
  it('are framed by their headers', () => {
    expect(requestBody(request('GET / HTTP/1.1'))).toEqual({ type: 'none' });
    expect(requestBody(request('POST / HTTP/1.1\nContent-Length: 5'))).toEqual({ type: 'length', length: 5 });
    expect(requestBody(request('POST / HTTP/1.1\ntransfer-encoding: gzip, Chunked'))).toEqual({ type: 'chunked' });
    expect(() => requestBody(request('POST / HTTP/1.1\nContent-Length: 5\nContent-Length: 6'))).toThrow(HttpError);
    expect(() => requestBody(request('POST / HTTP/1.1\nContent-Length: -5'))).toThrow(HttpError);
    expect(responseBody(response('HTTP/1.1 200 OK'), 'GET')).toEqual({ type: 'until-close' });
    for (const status of ['100 x', '204 x', '304 x']) {
      expect(responseBody(response(`HTTP/1.1 ${status}\nContent-Length: 5`), 'GET')).toEqual({ type: 'none' });
    }
    expect(responseBody(response('HTTP/1.1 200 OK\nContent-Length: 5'), 'HEAD')).toEqual({ type: 'none' });
  });

  it('end where they end, however the bytes are cut', () => {
    const chunk = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '0'), minLength: 1, maxLength: 40 });
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(chunk), sizes, fc.boolean(), (chunks, pieces, trailer) => {
        const text = chunks.map((one) => `${one.length.toString(16)};x=y\r\n${one}\r\n`).join('');
        const body = `${text}0\r\n${trailer ? 'X: 1\r\n' : ''}\r\n`;
        expect(extent({ type: 'chunked' }, `${body}GET / HTTP/1.1\r\n\r\n`, pieces)).toEqual({
          taken: body.length,
          done: true,
        });
        expect(extent({ type: 'length', length: body.length }, `${body}more`, pieces).taken).toBe(body.length);
      }),
    );
  });

  it('are refused when a chunk lies about its size', () => {
    expect(() => extent({ type: 'chunked' }, 'x\r\n', [9])).toThrow(HttpError);
    expect(() => extent({ type: 'chunked' }, '2\r\nabc\r\n', [9])).toThrow(HttpError);
    expect(() => extent({ type: 'chunked' }, '1'.repeat(5000), [9])).toThrow(HttpError);
  });

  it('leave the connection open or not', () => {
    expect(keepsAlive(request('GET / HTTP/1.1'))).toBe(true);
    expect(keepsAlive(request('GET / HTTP/1.1\nConnection: Upgrade, Close'))).toBe(false);
    expect(keepsAlive(request('GET / HTTP/1.0'))).toBe(false);
    expect(keepsAlive(request('GET / HTTP/1.0\nConnection: Keep-Alive'))).toBe(true);
  });
});
