import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { codeOf, stampOf } from '../../watching/stamp.ts';
import type { Stamp } from '../../watching/stamp.ts';

/** A look at a folder. */
export interface Scan {
  /** Manifests by path below the folder, with `/`. */
  readonly files: ReadonlyMap<string, Stamp>;
  /** Folders and files that could not be looked at, with the error's code. */
  readonly failed: readonly { readonly path: string; readonly code: string }[];
  /** The folders that were looked through, by path; the id tells a replaced folder from the old one. */
  readonly directories: ReadonlyMap<string, string>;
}

const EXTENSION = /\.(ya?ml|json)$/i;
const MAX_DEPTH = 32;

/**
 * Looks through a folder and the folders in it. Names that start with a dot are left out: temporary files of
 * editors, and the machinery of mounted ConfigMaps (whose files are links into `..data`). Never throws.
 */
export async function scanFolder(folder: string): Promise<Scan> {
  const files = new Map<string, Stamp>();
  const failed: { path: string; code: string }[] = [];
  const directories = new Map<string, string>();
  const visit = async (path: string, depth: number): Promise<void> => {
    const names: string[] = await readdir(join(folder, path)).catch((error: unknown) => {
      failed.push({ path, code: codeOf(error) });
      return [];
    });
    for (const name of names.sort()) {
      if (!name.startsWith('.')) await look(path === '' ? name : `${path}/${name}`, depth);
    }
  };
  const look = async (path: string, depth: number): Promise<void> => {
    try {
      const info = await stat(join(folder, path), { bigint: true });
      if (info.isDirectory() && depth < MAX_DEPTH) {
        directories.set(path, `${info.dev}:${info.ino}`);
        await visit(path, depth + 1);
      }
      if (path === '' && !info.isDirectory()) failed.push({ path, code: 'ENOTDIR' });
      if (!info.isFile() || !EXTENSION.test(path)) return;
      files.set(path, stampOf(info));
    } catch (error) {
      // Gone between the listing and the look: as if it had not been listed.
      const isGone = path !== '' && codeOf(error) === 'ENOENT';
      if (!isGone && (path === '' || EXTENSION.test(path))) failed.push({ path, code: codeOf(error) });
    }
  };
  await look('', 0);
  return { files, failed, directories };
}
