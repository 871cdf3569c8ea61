import { readFile } from 'node:fs/promises';
import type { SecretReference } from './secret-reference.ts';

/** A Kubernetes Secret's entry, as the config names it. */
export type KubernetesSecretReference = NonNullable<SecretReference['secret']>;

/** Where secrets are read from; given by the caller, so that nothing here knows the world. */
export interface SecretReaders {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads `data[key]`, decoded. Rejects with a reason that names the Secret, never its content. */
  readonly kubernetes: (reference: KubernetesSecretReference) => Promise<string>;
}

/** A secret that cannot be read. The message names the reference and what to do, never the secret. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

/**
 * Reads a secret. It is read when it is needed, so that one that is renewed is seen.
 * Rejects with {@link SecretUnreadable}.
 */
export async function readSecret(reference: SecretReference, readers: SecretReaders): Promise<string> {
  const value = await readReference(reference, readers);
  if (value === '') throw new SecretUnreadable(`${describeReference(reference)} is empty`);
  return value;
}

async function readReference(reference: SecretReference, readers: SecretReaders): Promise<string> {
  if (reference.env !== undefined) {
    const value = readers.env[reference.env];
    if (value === undefined) throw new SecretUnreadable(`${describeReference(reference)} is not set`);
    return value;
  }
  if (reference.file !== undefined) return await readSecretFile(reference.file);
  if (reference.secret !== undefined) return await readers.kubernetes(reference.secret);
  throw new SecretUnreadable('the reference names neither env, nor file, nor secret');
}

/** Reads a file that holds a secret; the newline that editors put at its end is left out. */
export async function readSecretFile(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new SecretUnreadable(`file ${path} cannot be read (${code})`);
  }
}

/** Where a secret is kept, in words: `environment variable BIGIP_PASSWORD`. */
export function describeReference({ env, file, secret }: SecretReference): string {
  if (env !== undefined) return `environment variable ${env}`;
  if (file !== undefined) return `file ${file}`;
  return secret === undefined ? 'no reference' : `Secret ${secret.namespace}/${secret.name}, key ${secret.key}`;
}
