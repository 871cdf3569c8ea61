import type { BigIntStats } from 'node:fs';

/** What tells one version of a file from the next. */
export interface Stamp {
  readonly id: string;
  readonly mtimeMs: number;
}

/** The stamp of a file. */
export function stampOf({ dev, ino, size, mtimeNs, ctimeNs, mtimeMs }: BigIntStats): Stamp {
  return { id: [dev, ino, size, mtimeNs, ctimeNs].join(':'), mtimeMs: Number(mtimeMs) };
}

/** The code of a file system error: `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
