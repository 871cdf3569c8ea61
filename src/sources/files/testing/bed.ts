import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { replaceFile } from '../../../../test/support/replace-file.ts';
import type { Contribution } from '../../../desired/contribution.ts';
import type { Source } from '../../source.ts';
import { extractOptions } from '../../kubernetes/extract/index.ts';
import { createFileSource } from '../index.ts';

/** Never aborted. */
export const { signal } = new AbortController();
const { defaults } = extractOptions({ source: 'x', partition: 'k' });
/** What a test has to close; the newest first. */
export const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Options that a test sets. */
export type More = Partial<Parameters<typeof createFileSource>[0]>;

/** A folder with files, and a source on them. */
export interface Bed {
  readonly folder: string;
  readonly source: Source;
  readonly write: (name: string, content: string | Uint8Array) => Promise<void>;
}

/** A source on files that are there yet to be written. */
export async function bed(paths: readonly string[], more: More = {}): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-files-'));
  const source = createFileSource({
    source: 'sheet',
    partition: 'k',
    defaults,
    paths: paths.map((path) => join(folder, path)),
    format: 'auto',
    encoding: 'auto',
    header: 1,
    mapping: { member: { column: 'Server' }, member_port: { column: 'server port' } },
    badRows: 'freeze',
    allowEmpty: false,
    quietMs: 5,
    pollMs: 20,
    ...more,
  });
  open.push(async () => {
    await source.close?.();
    await rm(folder, { recursive: true });
  });
  return { folder, source, write: (name, content) => replaceFile(folder, name, content) };
}

/** The same three services in every format. */
export const TABLE = [
  ['Service', 'VIP', 'Port', 'Protocol', 'Server', 'Server Port', 'Weight', 'State'],
  ['shop', '10.1.10.50', '443', '', '10.0.0.1', '8443', '10', 'enabled'],
  ['shop', '10.1.10.50', '443', '', '10.0.0.2', '8443', '20', ''],
  ['blog', '10.1.10.51', '80', '', '10.0.0.3', '8080', '', 'drain'],
  ['dns', '2001:db8::52', '53', 'UDP', '2001:db8::4', '53', '', ''],
] as const;

/** Objects alone: what the device would get. */
export function wanted(contributions: readonly Contribution[]): unknown {
  return contributions
    .map(({ cell, objects: all }) => ({ cell, objects: all.map((object) => ({ ...object, description: '' })) }))
    .sort((a, b) => (a.cell < b.cell ? -1 : 1));
}

/** What a source gives of one file. */
export async function read(name: string, content: string | Uint8Array, more: More = {}) {
  const { source, write } = await bed([name], more);
  await write(name, content);
  return await source.read({ signal });
}
