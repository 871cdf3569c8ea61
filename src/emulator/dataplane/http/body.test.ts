import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { innerPair } from '../traffic/inner-socket.ts';
import { Wire } from '../traffic/wire.ts';
import { BodyReader, carryPassage, framed } from './body.ts';
import type { Passage } from './body.ts';
import type { BodyKind } from './framing.ts';
import { requestBody, responseBody } from './framing.ts';
import { headerValues, HttpError, parseRequest } from './head.ts';
import type { RequestHead } from './head.ts';

const silent = { received: () => {}, sent: () => {} };

/** A wire on which bytes come in the given pieces, and then the end. */
function incoming(pieces: readonly Buffer[]): Wire {
  const [near, far] = innerPair({ address: '127.0.0.1', port: 1 });
  for (const piece of pieces) near.write(piece);
  near.end();
  return new Wire(far, silent);
}

/** Everything that is written while `write` runs. */
async function written(write: (to: Wire) => Promise<void>): Promise<Buffer> {
  const [near, far] = innerPair({ address: '127.0.0.1', port: 2 });
  const parts: Buffer[] = [];
  far.on('data', (bytes: Buffer) => parts.push(bytes));
  const ended = new Promise<void>((resolve) => {
    far.once('end', resolve);
  });
  const wire = new Wire(near, silent);
  await write(wire);
  wire.end();
  await ended;
  return Buffer.concat(parts);
}

function cut(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)].filter((piece) => piece.length > 0);
}

function chunked(pieces: readonly Buffer[]): Buffer {
  const chunks = pieces.map((piece) =>
    Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
  );
  return Buffer.concat([...chunks, Buffer.from('0\r\nX-Trailer: 1\r\n\r\n')]);
}

function headOf(kind: BodyKind): RequestHead {
  const line = kind.type === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : '';
  const length = kind.type === 'length' ? `Content-Length: ${kind.length}\r\n` : '';
  return parseRequest(Buffer.from(`POST / HTTP/1.1\r\n${line}${length}\r\n`), { maxSize: 1000, maxCount: 10 });
}

async function all(wire: Wire, kind: BodyKind): Promise<string> {
  const reader = new BodyReader(wire, kind);
  const parts: Buffer[] = [];
  for (let bytes = await reader.read(); bytes !== undefined; bytes = await reader.read()) parts.push(bytes);
  return Buffer.concat(parts).toString('latin1');
}

/** Takes the first bytes out of a body and puts others there; gives head and bytes as they go on. */
async function changed(
  wire: Wire,
  kind: BodyKind,
  { take, by }: { take: number; by: Buffer },
): Promise<{ head: RequestHead; bytes: Buffer }> {
  const reader = new BodyReader(wire, kind);
  let taken = 0;
  while (taken < take) {
    const bytes = await reader.read();
    if (bytes === undefined) break;
    const part = bytes.subarray(0, take - taken);
    reader.unread(bytes.subarray(part.length));
    taken += part.length;
  }
  const passage: Passage = { payload: by, replaced: taken, reader };
  return { head: framed(headOf(kind), passage), bytes: await written((to) => carryPassage(passage, to)) };
}

const sizes = fc.array(fc.nat(20), { maxLength: 12 });
const body = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));

describe('a body of which a rule has taken a part', () => {
  it.each(['length', 'chunked', 'until-close'] as const)('goes on whole, framed as its head says: %s', async (type) => {
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.record({ chunks: sizes, pieces: sizes, take: fc.nat(130), by: body }),
        async (data, { chunks, pieces, take, by }) => {
          const kind: BodyKind = type === 'length' ? { type, length: data.length } : { type };
          const sent = type === 'chunked' ? chunked(cut(data, chunks)) : data;
          const { head, bytes } = await changed(incoming(cut(sent, pieces)), kind, { take, by });
          const isFramed = head.headers.length > 0;
          const shown = isFramed ? requestBody(head) : responseBody({ ...head, status: 200 }, 'GET');
          const seen = await all(incoming([bytes]), shown);
          const expected = Buffer.concat([by, data.subarray(take)]).toString('latin1');
          expect(seen).toBe(expected);
          expect(shown.type === 'length' ? shown.length : expected.length).toBe(expected.length);
          expect(headerValues(head, 'content-length').length).toBeLessThan(2);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('fails if the peer ends within it', async () => {
    const short = incoming([Buffer.from('abc')]);
    await expect(all(short, { type: 'length', length: 5 })).rejects.toThrow(HttpError);
    await expect(all(incoming([Buffer.from('5\r\nab')]), { type: 'chunked' })).rejects.toThrow(HttpError);
    await expect(all(incoming([Buffer.from('zz\r\n')]), { type: 'chunked' })).rejects.toThrow('no chunk size');
  });
});
