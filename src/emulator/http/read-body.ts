import type { IncomingMessage } from 'node:http';
import { restjavadError } from '../errors/restjavad.ts';

/** Reads a body up to a limit of bytes; beyond it the request is refused with 413. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const part = chunk as Buffer;
    size += part.length;
    if (size <= limit) {
      chunks.push(part);
    }
  }
  if (size > limit) {
    throw restjavadError(413, `Request body of ${size} bytes is larger than ${limit} bytes`, { errorStack: [] });
  }
  return Buffer.concat(chunks);
}
