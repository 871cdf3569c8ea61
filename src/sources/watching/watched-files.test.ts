import { renameSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WatchedFiles } from './watched-files.ts';

const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-watched-'));
  for (const name of ['a.csv', 'b.csv']) await writeFile(join(folder, name), name);
});

afterEach(() => rm(folder, { recursive: true }));

/** Files of a pattern; `onLook` is called before each time that the pattern is looked at. */
function watched(onLook: (look: number) => void): WatchedFiles<{ readonly text: string }> {
  let looks = 0;
  return new WatchedFiles({
    get paths() {
      onLook((looks += 1));
      return [join(folder, '*.csv')];
    },
    parse: (bytes) => Promise.resolve({ text: bytes.toString() }),
    quietMs: 1,
  });
}

it('AC-82 a file of a pattern that is away while it is being replaced is not taken for gone', async () => {
  const path = join(folder, 'a.csv');
  const files = watched((look) => {
    if (look === 3) renameSync(`${path}~`, path);
  });
  expect((await files.read(signal)).files.size).toBe(2);
  await rename(path, `${path}~`);
  expect([...(await files.read(signal)).files.keys()]).toContain(path);
  await files.close();
});

it('a file that stays away is gone', async () => {
  const files = watched(() => undefined);
  await files.read(signal);
  await rm(join(folder, 'a.csv'));
  expect([...(await files.read(signal)).files.keys()]).toEqual([join(folder, 'b.csv')]);
  await files.close();
});
