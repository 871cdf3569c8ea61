import { StringDecoder } from 'node:string_decoder';

/** A line that is no JSON, or longer than the limit. Does not quote the line: it may hold anything. */
export class JsonLineError extends Error {
  override readonly name = 'JsonLineError';
}

const LIMIT = 32 * 1024 * 1024;

/**
 * Cuts a byte stream into JSON values, one a line, whatever the boundaries of the chunks: in the middle of a line or
 * of a UTF-8 character. What follows the last newline is kept until it is complete; a stream that ends there was cut.
 */
export class JsonLines {
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;

  /** The values that this chunk completes, in order. Throws {@link JsonLineError}. */
  push(chunk: Uint8Array): unknown[] {
    const text = this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const values: unknown[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = this.#take(text.slice(start, end));
      if (line.trim() !== '') values.push(parse(line));
      start = end + 1;
    }
    this.#keep(text.slice(start));
    return values;
  }

  #take(tail: string): string {
    if (this.#parts.length === 0) return tail;
    const line = this.#parts.join('') + tail;
    this.#parts = [];
    this.#length = 0;
    return line;
  }

  #keep(rest: string): void {
    if (rest === '') return;
    this.#parts.push(rest);
    this.#length += rest.length;
    if (this.#length > LIMIT) throw new JsonLineError(`a line is longer than ${LIMIT} characters`);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new JsonLineError(`a line of ${line.length} characters is not JSON`);
  }
}
