import type { Wire } from '../traffic/wire.ts';
import { bodyExtent } from './framing.ts';
import type { BodyExtent, BodyKind } from './framing.ts';
import { HttpError, withHeader, withoutHeader } from './head.ts';
import type { Head } from './head.ts';

/** Reads a body as data, without the sizes of its chunks; trailers are dropped. */
export class BodyReader {
  readonly kind: BodyKind;
  readonly #wire: Wire;
  readonly #extent: BodyExtent;
  #ended = false;
  #unread: Buffer | undefined;

  constructor(wire: Wire, kind: BodyKind) {
    this.#wire = wire;
    this.kind = kind;
    this.#extent = bodyExtent(kind);
  }

  /** Nothing more comes. */
  get isDone(): boolean {
    return this.#unread === undefined && (this.#ended || this.#extent.done);
  }

  /** The next bytes; undefined after the last. Rejects with {@link HttpError} if the body ends too early. */
  async read(): Promise<Buffer | undefined> {
    const before = this.#unread;
    this.#unread = undefined;
    if (before !== undefined) return before;
    while (!this.isDone) {
      const bytes = await this.#wire.read();
      if (bytes === undefined) {
        if (this.kind.type !== 'until-close') throw new HttpError('the connection ended within a body');
        this.#ended = true;
        return undefined;
      }
      const data: Buffer[] = [];
      const taken = this.#extent.accept(bytes, data);
      this.#wire.unread(bytes.subarray(taken));
      if (data.length > 0) return Buffer.concat(data);
    }
    return undefined;
  }

  /** Puts back what was read last, or its end. */
  unread(bytes: Buffer): void {
    this.#unread = bytes.length === 0 ? undefined : bytes;
  }
}

/** A body of which something was taken out and perhaps changed: that, and what still comes after it. */
export interface Passage {
  readonly payload: Buffer;
  /** Bytes that came where `payload` is now. */
  readonly replaced: number;
  readonly reader: BodyReader;
}

/** The head with the length that the body has now; a chunked one that is known in full gets a length, too. */
export function framed<T extends Head>(head: T, passage: Passage | undefined): T {
  if (passage === undefined) return head;
  const { payload, replaced, reader } = passage;
  const { kind } = reader;
  if (kind.type === 'length') return withLength(head, kind.length - replaced + payload.length);
  return reader.isDone ? withLength(withoutHeader(head, 'transfer-encoding'), payload.length) : head;
}

function withLength<T extends Head>(head: T, length: number): T {
  return withHeader(withoutHeader(head, 'content-length'), 'Content-Length', String(length));
}

/** Sends a body on in the framing that {@link framed} told of. */
export async function carryPassage({ payload, reader }: Passage, to: Wire): Promise<void> {
  const isChunked = reader.kind.type === 'chunked' && !reader.isDone;
  const shown = (bytes: Buffer): Buffer => (isChunked ? chunk(bytes) : bytes);
  if (payload.length > 0) await to.write(shown(payload));
  for (let bytes = await reader.read(); bytes !== undefined; bytes = await reader.read()) await to.write(shown(bytes));
  if (isChunked) await to.write(Buffer.from('0\r\n\r\n'));
}

/** A chunk of a chunked body. */
export function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
