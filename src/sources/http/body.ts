import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { decodeText } from '../files/text.ts';
import { HttpProblem } from './problem.ts';

const UNPACK = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** What we can unpack. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

type Headers = Dispatcher.ResponseData['headers'];

/** One header as a text; several of a name are one with commas between them. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : [value].flat().join(', ');
}

/** The text of an answer, unpacked and decoded. Throws {@link HttpProblem}. */
export async function textOfBody(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  maxBytes: number,
): Promise<string> {
  const bytes = await unpack(await collect(body, maxBytes), headerOf(headers, 'content-encoding') ?? '', maxBytes);
  const type = headerOf(headers, 'content-type') ?? '';
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1];
  if (charset === undefined) {
    const decoded = decodeText(bytes, 'auto');
    if ('text' in decoded) return decoded.text;
    throw new HttpProblem('its answer is no UTF-8, and names no other charset');
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem(`its answer is not in the charset that it names (${charset.slice(0, 40)})`);
  }
}

async function collect(body: AsyncIterable<unknown>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function unpack(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return bytes;
  if (!(name in UNPACK))
    throw new HttpProblem(`its answer is packed as ${name.slice(0, 40)}, expected ${ACCEPT_ENCODING}`);
  try {
    return await UNPACK[name as keyof typeof UNPACK](bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(maxBytes);
    throw new HttpProblem(`its answer is not packed as it says (${name})`);
  }
}

function tooLong(maxBytes: number): HttpProblem {
  return new HttpProblem(`its answer is longer than ${maxBytes} bytes`);
}
