import { grammarError } from '../errors/device-error.ts';
import { identifierMissing, nothingSpecified } from '../errors/mcp.ts';
import { asText } from '../kinds/fields/scalars.ts';
import type { Kind } from '../kinds/kind.ts';
import { identityOf, splitFullPath, type Identity } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import type { Body } from './parse-body.ts';

function trimSlashes(text: string): string {
  return text.replaceAll(/^\/+|\/+$/gv, '');
}

/** The `name` of a body; numbers are not names (fact sheet 3.5). */
export function nameIn(body: Body): string {
  const { name } = body;
  if (Object.keys(body).length === 0) {
    throw nothingSpecified();
  }
  if (typeof name !== 'string' || name === '' || name.includes('\0') || !name.isWellFormed()) {
    throw identifierMissing();
  }
  asText(name, 'name');
  if (name === 'example') {
    throw grammarError('"example" is a reserved keyword and must not be used as resource name');
  }
  return name;
}

/** Name, partition and sub-path of a body; `name` may be a full path, and the default partition is `Common`. */
export function folderIdentity(body: Body, defaultPartition = 'Common'): Identity {
  const name = nameIn(body);
  if (name.startsWith('/')) {
    const identity = splitFullPath(name);
    if (identity.name === '' || identity.partition === '' || name.includes('//')) {
      throw identifierMissing();
    }
    return identity;
  }
  const partition = typeof body['partition'] === 'string' ? trimSlashes(body['partition']) : '';
  const subPath = typeof body['subPath'] === 'string' ? trimSlashes(body['subPath']) : '';
  return identityOf(partition === '' ? defaultPartition : partition, subPath, name);
}

/** The identity of a new object of a kind. */
export function identify(
  kind: Kind,
  body: Body,
  options: { readonly session: Session; readonly scope: string },
): Identity {
  if (kind.hooks.identify !== undefined) {
    return kind.hooks.identify(body, options.session, options.scope);
  }
  if (kind.naming === 'flat') {
    const name = nameIn(body);
    return { name, fullPath: name };
  }
  return folderIdentity(body);
}
