import { readFile } from 'node:fs/promises';
import { Failure } from './failure.ts';

/**
 * The text of a PEM file; anything else would only show up as a certificate that is not trusted.
 * @param field names the setting in the error: `target bigip1: tls.caFile`.
 */
export async function readPem(path: string, field: string): Promise<string> {
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Failure(`${field} ${path} cannot be read (${code}); expected a PEM file`);
  }
  if (pem.includes('-----BEGIN ')) return pem;
  throw new Failure(`${field} ${path} holds nothing in PEM, expected lines that begin with -----BEGIN`);
}
