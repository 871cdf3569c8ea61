import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { replaceFile } from '../../../../test/support/replace-file.ts';
import { checksumOf } from '../../../desired/blob-store.ts';
import type { Source } from '../../source.ts';
import { createStateSource } from '../index.ts';

/** Never aborted. */
export const { signal } = new AbortController();
/** What a test has to close. */
export const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A folder with documents, and a source on them. */
export interface Bed {
  readonly folder: string;
  readonly source: Source;
  readonly write: (name: string, text: string) => Promise<void>;
  /** What is given, and told without the folder's name. */
  readonly read: () => Promise<{
    readonly complete: boolean;
    readonly told: readonly string[];
    readonly frozen: readonly string[];
    readonly objects: readonly object[];
  }>;
}

/** Options that a test sets. */
export type More = Partial<Parameters<typeof createStateSource>[0]>;

/** A source on documents that are there yet to be written. */
export async function bed(more: More = {}): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-state-'));
  const source = createStateSource({
    source: 'state',
    partition: 'k',
    paths: [join(folder, '*.yaml')],
    allowEmpty: false,
    keepBytes: checksumOf,
    quietMs: 5,
    pollMs: 20,
    ...more,
  });
  open.push(async () => {
    await source.close?.();
    await rm(folder, { recursive: true });
  });
  return {
    folder,
    source,
    write: (name, text) => replaceFile(folder, name, text),
    read: async () => {
      const { contributions, complete, diagnostics } = await source.read({ signal });
      const told = [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
      return {
        complete,
        told: told.map(({ summary }) => summary.replaceAll(`${folder}/`, '')),
        frozen: contributions.filter(({ frozen }) => frozen === true).map(({ cell }) => cell),
        objects: contributions.flatMap(({ objects }) => objects),
      };
    },
  };
}

/** What a source gives of one file. */
export async function readText(text: string, more: More = {}) {
  const made = await bed(more);
  await made.write('a.yaml', text);
  return await made.read();
}
