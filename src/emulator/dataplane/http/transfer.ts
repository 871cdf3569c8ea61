import type { Wire } from '../traffic/wire.ts';
import { bodyExtent } from './framing.ts';
import type { BodyKind } from './framing.ts';
import { headEnd, HttpError } from './head.ts';
import type { HeadLimits } from './head.ts';

/**
 * Reads the bytes of the next head from a wire, and leaves what follows unread. Empty lines before it are skipped
 * (RFC 9112, 2.2). Undefined if the peer ends before it begins; {@link HttpError} if in the middle of it.
 */
export async function readHead(wire: Wire, limits: HeadLimits): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = await wire.read();
    if (chunk === undefined) {
      if (bytes.length > 0) throw new HttpError('the connection ended within a head');
      return undefined;
    }
    bytes = withoutLeadingBlankLines(Buffer.concat([bytes, chunk]));
    const end = headEnd(bytes, limits);
    if (end === undefined) continue;
    wire.unread(bytes.subarray(end));
    return bytes.subarray(0, end);
  }
}

/** Carries a body from one wire to the other, byte by byte as it is. Rejects if it ends too early. */
export async function carryBody(from: Wire, to: Wire, kind: BodyKind): Promise<void> {
  const extent = bodyExtent(kind);
  while (!extent.done) {
    const bytes = await from.read();
    if (bytes === undefined) {
      if (kind.type === 'until-close') return;
      throw new HttpError('the connection ended within a body');
    }
    const taken = extent.accept(bytes);
    from.unread(bytes.subarray(taken));
    await to.write(bytes.subarray(0, taken));
  }
}

function withoutLeadingBlankLines(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start += 1;
  return bytes.subarray(start);
}
