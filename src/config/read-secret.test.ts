import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeReference, readSecret } from './read-secret.ts';

const readers = { env: { SET: 'from-env', EMPTY: '' }, kubernetes: async () => 'from-cluster' };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-secret-'));
  await writeFile(join(folder, 'pw'), 'from-file\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('a secret', () => {
  it('comes from the environment, a file or a Kubernetes Secret', async () => {
    expect(await readSecret({ env: 'SET' }, readers)).toBe('from-env');
    expect(await readSecret({ file: join(folder, 'pw') }, readers)).toBe('from-file');
    const secret = { namespace: 'a', name: 'b', key: 'c' };
    expect(await readSecret({ secret }, readers)).toBe('from-cluster');
  });

  it('that cannot be read is told by its reference', async () => {
    await expect(readSecret({ env: 'UNSET' }, readers)).rejects.toThrow('environment variable UNSET is not set');
    await expect(readSecret({ env: 'EMPTY' }, readers)).rejects.toThrow('environment variable EMPTY is empty');
    await expect(readSecret({ file: join(folder, 'no') }, readers)).rejects.toThrow(
      /file .*no cannot be read \(ENOENT\)/,
    );
  });

  it('has a reference that reads well', () => {
    expect(describeReference({ secret: { namespace: 'a', name: 'b', key: 'c' } })).toBe('Secret a/b, key c');
  });
});
