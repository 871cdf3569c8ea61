import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a file in a folder, in place of one of that name, as editors and deployments do: whole, at one moment. */
export async function replaceFile(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const next = join(folder, `.${name}.new`);
  await writeFile(next, content);
  await rename(next, join(folder, name));
}
