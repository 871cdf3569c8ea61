import type { BigipObject } from '../../../ir/objects.ts';
import type { ServerSsl } from '../../../ir/ssl-profile.ts';
import type { ProfileUse } from '../../../ir/virtual.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { describe, frontPath } from './names.ts';

const CA_BUNDLE = '/Common/ca-bundle.crt';

/** TLS towards pods: the profile, and its use. */
export interface BackendTls {
  readonly profiles: readonly ProfileUse[];
  readonly objects: readonly BigipObject[];
}

/**
 * All Ingresses of a front say the same here, or they would not share it (`jointOf`), and each gives the profile.
 */
export function backendTlsOf(scope: IngressScope, front: Front): BackendTls {
  const { annotations, options, record } = scope;
  const mode = annotations.get('backend-tls') ?? 'off';
  if (mode === 'off') return { profiles: [], objects: [] };
  const name = annotations.get('backend-tls-name');
  const ca = annotations.get('backend-tls-ca') ?? CA_BUNDLE;
  const path = frontPath(front.name, options, '_server');
  const profile: ServerSsl = {
    kind: 'server-ssl',
    path,
    description: describe(record, options),
    ...(name === undefined ? {} : { serverName: name }),
    ...(mode === 'verify' ? { peerCertMode: 'require', caFile: ca } : {}),
    ...(mode === 'verify' && name !== undefined ? { authenticateName: name } : {}),
  };
  return { profiles: [{ path, context: 'serverside' }], objects: [profile] };
}
