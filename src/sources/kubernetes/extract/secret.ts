import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { ClientSsl } from '../../../ir/ssl-profile.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Read } from '../../cells.ts';
import type { HostUse, KnownSecret, SecretRecord } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import { canonical } from '../../../ir/canonical.ts';
import { refOf } from '../../../ir/ref.ts';
import { originKey } from '../../../ir/origin.ts';
import { ingressKeys } from '../model-ingress.ts';
import { sinceOf } from './age.ts';
import { defaultPath, materialOf } from './ingress-tls.ts';
import { describe, frontPath, secretPath } from './names.ts';

/**
 * A Secret that Ingresses use: certificate, key and chain, and a client-ssl profile for each host that it serves, and for
 * each front whose default certificate it has; one more carries the mark of the files. One that is missing, or was never understood, leaves what the device has as it is. What
 * is wrong with it is told by the source, and by the Ingresses that name it.
 */
export function extractSecret(
  { cell, key }: { readonly cell: CellKey; readonly key: ObjectKey },
  read: Read,
  options: ExtractOptions,
): Contribution {
  const known = read(ingressKeys.secret(key)) as KnownSecret | undefined;
  const hosts = (read(ingressKeys.hosts(key)) ?? []) as readonly HostUse[];
  const origin = originKey(options.source, 'Secret', key);
  if (typeof known !== 'object') {
    return { cell, origin, since: '', objects: [], frozen: true, diagnostics: [] };
  }
  const fronts = (read(ingressKeys.defaultFronts(key)) ?? []) as readonly string[];
  const defaults = fronts.map((front) => defaultOf(known, front, options));
  const objects = [...filesOf(known, options), ...profilesOf(known, hosts, options), ...defaults];
  const joins = defaults.map(({ kind, path }) => refOf(kind, path));
  return {
    cell,
    origin,
    since: sinceOf(known),
    objects: objects.map((object) => canonical(object)),
    ...(joins.length === 0 ? {} : { joins }),
    diagnostics: [],
  };
}

/** The default profile of a front, for which the Ingresses there give what holds without a Secret. */
function defaultOf(secret: SecretRecord, front: string, options: ExtractOptions): ClientSsl {
  return {
    kind: 'client-ssl',
    path: defaultPath(front, options),
    description: describe(secret, options),
    ...materialOf(secret, options),
    sniDefault: true,
  };
}

function filesOf(secret: SecretRecord, options: ExtractOptions): readonly BigipObject[] {
  const { cert, key, chain } = materialOf(secret, options);
  const files: BigipObject[] = [
    { kind: 'ssl-cert', path: cert, checksum: secret.certificate },
    { kind: 'ssl-key', path: key, checksum: secret.key },
  ];
  if (chain !== undefined && secret.chain !== undefined) {
    files.push({ kind: 'ssl-cert', path: chain, checksum: secret.chain });
  }
  return files;
}

function profilesOf(secret: SecretRecord, hosts: readonly HostUse[], options: ExtractOptions): readonly ClientSsl[] {
  const shared = {
    kind: 'client-ssl',
    description: describe(secret, options),
    ...materialOf(secret, options),
  } as const;
  const own = { ...shared, path: secretPath(`${secret.namespace}/${secret.name}`, options) };
  return [
    own,
    ...hosts.map(({ front, host }) =>
      Object.assign({ path: frontPath(front, options, host), serverName: host }, shared),
    ),
  ];
}
