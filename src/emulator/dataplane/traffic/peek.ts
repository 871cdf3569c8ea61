import type { Wire } from './wire.ts';

/** The longest beginning that is looked at; what is not clear by then never will be. */
const LONGEST = 65_536;

/**
 * Reads the first bytes of a wire until they can be judged, and puts them back.
 * @param judge gives undefined while it needs more.
 * @returns undefined if the peer ends before, or sends too much.
 */
export async function peek<T>(wire: Wire, judge: (bytes: Buffer) => T | undefined): Promise<T | undefined> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const chunk = await wire.read();
    if (chunk !== undefined) bytes = Buffer.concat([bytes, chunk]);
    const found = chunk === undefined ? undefined : judge(bytes);
    if (found === undefined && chunk !== undefined && bytes.length < LONGEST) continue;
    wire.unread(bytes);
    return found;
  }
}
