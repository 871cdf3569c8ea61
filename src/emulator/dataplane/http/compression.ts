import { pipeline } from 'node:stream';
import { createDeflate, createGzip } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { receivePattern } from '../health/monitor-text.ts';
import { isEnabled, numberSetting } from '../settings.ts';
import type { Settings } from '../settings.ts';
import type { Wire } from '../traffic/wire.ts';
import { chunk } from './body.ts';
import type { Passage } from './body.ts';
import { headerHas, headerValues, withHeader, withoutHeader } from './head.ts';
import type { RequestHead, ResponseHead } from './head.ts';

/** How a body is compressed, as `Content-Encoding` says. */
export type Encoding = 'gzip' | 'deflate';

/** What a client takes: without `q=0`; `*` stands for both. */
function accepted(request: RequestHead, encoding: Encoding): boolean {
  const offers = headerValues(request, 'accept-encoding').flatMap((value) => value.toLowerCase().split(','));
  const weights = new Map(
    offers.map((offer) => {
      const [name = '', ...parameters] = offer.split(';').map((part) => part.trim());
      const weight = parameters.find((one) => one.startsWith('q='))?.slice(2) ?? '1';
      return [name.replace(/^x-/, ''), Number(weight)];
    }),
  );
  return (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
}

/** Whether a text is in a list of regular expressions, and in none of another. An expression finds any part. */
function listed(settings: Settings, name: string, text: string): boolean {
  const holds = (list: unknown): boolean =>
    Array.isArray(list) && list.some((each) => receivePattern(String(each))?.test(text) === true);
  return holds(settings[`${name}Include`]) && !holds(settings[`${name}Exclude`]);
}

/**
 * How an http-compression profile compresses the answer to a request; undefined: not at all. It does not touch what is
 * compressed already, what is a part, what `no-transform` forbids, and with `selective` nothing, for that waits for a rule.
 */
export function encodingFor(
  settings: Settings | undefined,
  request: RequestHead,
  response: ResponseHead,
): Encoding | undefined {
  if (settings === undefined || isEnabled(settings, 'selective')) return undefined;
  if (request.minor === 0 && !isEnabled(settings, 'allowHttp_10')) return undefined;
  const isCoded = headerValues(response, 'content-encoding').some((value) => value !== 'identity');
  if (isCoded || response.status === 206 || headerHas(response, 'cache-control', 'no-transform')) return undefined;
  const length = Number(headerValues(response, 'content-length')[0] ?? Infinity);
  if (length < numberSetting(settings, 'minSize', 1024)) return undefined;
  const type = headerValues(response, 'content-type')[0] ?? '';
  if (!listed(settings, 'contentType', type) || !listed(settings, 'uri', request.target)) return undefined;
  const both: readonly Encoding[] = settings['methodPrefer'] === 'deflate' ? ['deflate', 'gzip'] : ['gzip', 'deflate'];
  return both.find((one) => accepted(request, one));
}

/** The request without what it accepts: servers leave the compressing to the profile, unless it says otherwise. */
export function forServer(settings: Settings | undefined, request: RequestHead): RequestHead {
  const keeps = settings === undefined || isEnabled(settings, 'keepAcceptEncoding') || isEnabled(settings, 'selective');
  return keeps ? request : withoutHeader(request, 'accept-encoding');
}

function log2(settings: Settings, name: string, otherwise: number): number {
  return Math.round(Math.log2(Math.max(1, numberSetting(settings, name, otherwise))));
}

/** Between the least and the most that zlib takes. */
function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function zlibOptions(settings: Settings): ZlibOptions {
  return {
    level: within(numberSetting(settings, 'gzipLevel', 1), 0, 9),
    windowBits: within(log2(settings, 'gzipWindowSize', 16_384), 9, 15),
    memLevel: within(log2(settings, 'gzipMemoryLevel', 8192) - 9, 1, 9),
  };
}

/** An answer that is being compressed. */
export interface Compressing {
  /** The head that fits. */
  readonly head: ResponseHead;
  /** Nobody knows where the body ends but by the end of the connection (HTTP/1.0). */
  readonly endsConnection: boolean;
  /** Sends the body; gives how many bytes it had, and has now. */
  carry(to: Wire): Promise<{ readonly before: number; readonly after: number }>;
  /** The body is of no use any more. */
  abort(): void;
}

/** What is to be compressed. */
export interface Subject {
  readonly settings: Settings;
  readonly encoding: Encoding;
  readonly request: RequestHead;
  readonly response: ResponseHead;
  readonly body: Passage;
}

/**
 * Begins to compress a body. One that fits into `bufferSize` gets a `Content-Length`, another is sent in chunks as it
 * comes. Rejects if the body ends too early.
 */
export async function compress({ settings, encoding, request, response, body }: Subject): Promise<Compressing> {
  let [before, after] = [0, 0];
  const coder = encoding === 'gzip' ? createGzip(zlibOptions(settings)) : createDeflate(zlibOptions(settings));
  const source = async function* source(): AsyncGenerator<Buffer> {
    for await (const bytes of dataOf(body)) {
      before += bytes.length;
      yield bytes;
    }
  };
  // What breaks on the way breaks the iteration below.
  pipeline(source(), coder, () => {});
  const coded = coder[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const ready: Buffer[] = [];
  const limit = numberSetting(settings, 'bufferSize', 4096);
  let isComplete = false;
  while (!isComplete && after <= limit) {
    const next = await coded.next();
    isComplete = next.done === true;
    if (next.done !== true) {
      ready.push(next.value);
      after += next.value.length;
    }
  }
  const isChunked = !isComplete && request.minor === 1;
  return {
    head: headFor({ settings, encoding, response }, { isChunked, length: isComplete ? after : undefined }),
    endsConnection: !isComplete && !isChunked,
    carry: async (to) => {
      const shown = (bytes: Buffer): Buffer => (isChunked ? chunk(bytes) : bytes);
      try {
        for (const bytes of ready) await to.write(shown(bytes));
        for (let next = await coded.next(); next.done !== true; next = await coded.next()) {
          after += next.value.length;
          await to.write(shown(next.value));
        }
        if (isChunked) await to.write(Buffer.from('0\r\n\r\n'));
        return { before, after };
      } finally {
        coder.destroy();
      }
    },
    abort: () => void coder.destroy(),
  };
}

async function* dataOf({ payload, reader }: Passage): AsyncGenerator<Buffer> {
  if (payload.length > 0) yield payload;
  for (let bytes = await reader.read(); bytes !== undefined; bytes = await reader.read()) yield bytes;
}

function headFor(
  { settings, encoding, response }: Pick<Subject, 'settings' | 'encoding' | 'response'>,
  { isChunked, length }: { readonly isChunked: boolean; readonly length: number | undefined },
): ResponseHead {
  let head = response;
  for (const name of ['content-length', 'transfer-encoding', 'content-encoding']) head = withoutHeader(head, name);
  head = withHeader(head, 'Content-Encoding', encoding);
  const varies = headerHas(head, 'vary', 'accept-encoding') || headerHas(head, 'vary', '*');
  if (isEnabled(settings, 'varyHeader') && !varies) head = withHeader(head, 'Vary', 'Accept-Encoding');
  if (isChunked) return withHeader(head, 'Transfer-Encoding', 'chunked');
  return length === undefined
    ? withHeader(withoutHeader(head, 'connection'), 'Connection', 'close')
    : withHeader(head, 'Content-Length', String(length));
}
