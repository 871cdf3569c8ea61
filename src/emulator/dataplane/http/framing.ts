import { headerHas, headerValues, HttpError } from './head.ts';
import type { Head, RequestHead, ResponseHead } from './head.ts';

/** How the end of a body is known (RFC 9112, 6.3). */
export type BodyKind =
  | { readonly type: 'none' }
  | { readonly type: 'length'; readonly length: number }
  | { readonly type: 'chunked' }
  | { readonly type: 'until-close' };

/** Tells which bytes of a stream belong to a body. Bytes are not changed: chunked bodies stay chunked. */
export interface BodyExtent {
  /**
   * How many of these bytes belong to the body. Throws {@link HttpError} on bad chunks.
   * @param data takes what the body says, without the sizes of chunks and trailers.
   */
  accept(bytes: Buffer, data?: Buffer[]): number;
  readonly done: boolean;
}

/** The body of a request. Throws {@link HttpError} if its headers contradict each other. */
export function requestBody(head: RequestHead): BodyKind {
  return framedBody(head) ?? { type: 'none' };
}

/** The body of a response to a request with `method`. Throws {@link HttpError} as {@link requestBody} does. */
export function responseBody(head: ResponseHead, method: string): BodyKind {
  const bodiless = method === 'HEAD' || head.status < 200 || head.status === 204 || head.status === 304;
  if (bodiless) return { type: 'none' };
  return framedBody(head) ?? { type: 'until-close' };
}

/** Whether the sender will keep its connection open after this message. */
export function keepsAlive(head: Head): boolean {
  if (headerHas(head, 'connection', 'close')) return false;
  return head.minor === 1 || headerHas(head, 'connection', 'keep-alive');
}

/** A fresh {@link BodyExtent} for a body. */
export function bodyExtent(kind: BodyKind): BodyExtent {
  if (kind.type === 'chunked') return new ChunkedExtent();
  if (kind.type === 'length') return new LengthExtent(kind.length);
  return new LengthExtent(kind.type === 'none' ? 0 : Infinity);
}

function framedBody(head: Head): BodyKind | undefined {
  const lengths = new Set(headerValues(head, 'content-length'));
  const chunked = headerHas(head, 'transfer-encoding', 'chunked');
  if (chunked && lengths.size > 0) throw new HttpError('both Transfer-Encoding and Content-Length');
  if (chunked) return { type: 'chunked' };
  const [length] = lengths;
  if (length === undefined) return undefined;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length))
    throw new HttpError(`Content-Length '${[...lengths].join(', ')}'`);
  return { type: 'length', length: Number(length) };
}

class LengthExtent implements BodyExtent {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  accept(bytes: Buffer, data?: Buffer[]): number {
    const taken = Math.min(this.#left, bytes.length);
    this.#left -= taken;
    data?.push(bytes.subarray(0, taken));
    return taken;
  }
}

const LONGEST_LINE = 4096;

/** Follows chunks and trailers. The state is what comes next. */
class ChunkedExtent implements BodyExtent {
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size';
  #line = '';
  #left = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  accept(bytes: Buffer, data?: Buffer[]): number {
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      at += this.#state === 'data' ? this.#takeData(bytes.subarray(at), data) : this.#takeLine(bytes, at);
    }
    return at;
  }

  #takeData(bytes: Buffer, data: Buffer[] | undefined): number {
    const taken = Math.min(this.#left, bytes.length);
    this.#left -= taken;
    data?.push(bytes.subarray(0, taken));
    if (this.#left === 0) this.#state = 'data-end';
    return taken;
  }

  #takeLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end + 1;
    this.#line += bytes.toString('latin1', from, to);
    if (this.#line.length > LONGEST_LINE) throw new HttpError('a chunk line that is too long');
    if (end !== -1) {
      const line = this.#line.replace(/\r?\n$/, '');
      this.#line = '';
      this.#endOfLine(line);
    }
    return to - from;
  }

  #endOfLine(line: string): void {
    if (this.#state === 'size') this.#startChunk(line);
    else if (this.#state === 'data-end') {
      if (line !== '') throw new HttpError('a chunk that is longer than its size');
      this.#state = 'size';
    } else if (line === '') this.#state = 'done';
  }

  #startChunk(line: string): void {
    const size = /^([0-9a-f]{1,13})[ \t]*(;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw new HttpError(`no chunk size: '${line.slice(0, 40)}'`);
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'data';
  }
}
