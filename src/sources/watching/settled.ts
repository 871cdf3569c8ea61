import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { codeOf, stampOf } from './stamp.ts';

/** A file as it was read, the version of it that is known, or why it could not be read. */
export type SettledFile<T> =
  | { readonly bytes: Buffer; readonly stamp: string }
  | { readonly known: T }
  | { readonly problem: string; readonly missing?: true };

interface Stamped {
  readonly stamp: string;
}

/** How a file is read that somebody may be writing. */
export interface SettleOptions<T> {
  readonly signal: AbortSignal;
  /** A file is read when it has been left alone for so long, in milliseconds. */
  readonly quietMs: number;
  readonly maxBytes: number;
  /** The version that is known: that one is not read again. */
  readonly known: T | undefined;
}

/** A file that never stops changing is given up after so many looks. */
const MAX_LOOKS = 50;

/**
 * Reads a file whole: not while it is being written, and not half of one version and half of the next. A file that is away
 * for a moment, because it is being replaced, is looked for again before it counts as missing.
 */
export async function readSettled<T extends Stamped>(file: string, options: SettleOptions<T>): Promise<SettledFile<T>> {
  let away = false;
  for (let look = 0; look < MAX_LOOKS && !options.signal.aborted; look += 1) {
    try {
      const found = await readOnce(file, options);
      if (found !== undefined) return found;
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' || away) {
        const problem = `cannot be read (${code})`;
        return code === 'ENOENT' ? { problem, missing: true } : { problem };
      }
      away = true;
    }
    await sleep(options.quietMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
  return { problem: 'does not stop changing' };
}

/** Undefined: it is fresh, or changed while it was read. */
async function readOnce<T extends Stamped>(
  file: string,
  { quietMs, maxBytes, known }: SettleOptions<T>,
): Promise<SettledFile<T> | undefined> {
  const info = await stat(file, { bigint: true });
  const stamp = stampOf(info);
  if (known?.stamp === stamp.id) return { known };
  if (!info.isFile()) return { problem: 'is no file' };
  if (info.size > BigInt(maxBytes)) return { problem: `is larger than ${maxBytes} bytes` };
  if (Math.abs(Date.now() - stamp.mtimeMs) < quietMs) return undefined;
  const bytes = await readFile(file);
  return stampOf(await stat(file, { bigint: true })).id === stamp.id ? { bytes, stamp: stamp.id } : undefined;
}
