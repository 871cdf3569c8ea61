import type { ClientSsl } from '../../../ir/ssl-profile.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ProfileUse } from '../../../ir/virtual.ts';
import type { KnownSecret, SecretRecord } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { ingressKeys } from '../model-ingress.ts';
import { DEVICE_CERTIFICATE, DEVICE_KEY } from './ingress-options.ts';
import { secretsOf } from './ingress-wish.ts';
import { describe, frontPath, secretPath } from './names.ts';

/**
 * The client-ssl profiles that an Ingress needs on a front: that of each of its hosts, which the Secret gives, and the
 * default one, which the oldest Ingress gives.
 */
export function tlsProfiles(scope: IngressScope, front: Front): readonly ProfileUse[] {
  const { record, options } = scope;
  const all = record.rules.map(({ host }) => host).filter((host) => host !== '');
  const hosts = record.tls.flatMap(({ hosts: named, secret }) =>
    secret === undefined ? [] : named.length === 0 ? all : named,
  );
  const paths = new Set([defaultPath(front, scope), ...hosts.map((host) => frontPath(front.name, options, host))]);
  return [...paths].map((path) => ({ path, context: 'clientside' }));
}

/**
 * The profile for clients that name no host or an unknown one, given by the oldest Ingress of a front: with the
 * certificate of the source's default Secret, or else of the Ingress's own first one, or else the device's own.
 */
export function defaultProfile(scope: IngressScope, front: Front): ClientSsl {
  const secret = defaultSecret(scope);
  return {
    kind: 'client-ssl',
    path: defaultPath(front, scope),
    description: describe(scope.record, scope.options),
    ...certificateOf(secret, scope),
    sniDefault: true,
  };
}

function defaultPath(front: Front, { options }: IngressScope): FullPath {
  return frontPath(front.name, options, '_default');
}

type Material = Pick<ClientSsl, 'cert' | 'key' | 'chain'>;

function certificateOf(secret: SecretRecord | undefined, { options }: IngressScope): Material {
  return secret === undefined ? { cert: DEVICE_CERTIFICATE, key: DEVICE_KEY } : materialOf(secret, options);
}

/** Where the certificate and key of a Secret are on the device. */
export function materialOf(secret: SecretRecord, options: IngressScope['options']): Material {
  const path = secretPath(`${secret.namespace}/${secret.name}`, options);
  return {
    cert: `${path}.crt`,
    key: `${path}.key`,
    ...(secret.chain === undefined ? {} : { chain: `${path}.chain.crt` }),
  };
}

/** The first of these that can be used; those that cannot are told elsewhere, but for the ones that only this names. */
function defaultSecret(scope: IngressScope): SecretRecord | undefined {
  const { record, ingress, options } = scope;
  const candidates: readonly ObjectKey[] = [
    ...(ingress.defaultSecret === undefined ? [] : [ingress.defaultSecret]),
    ...secretsOf(record, options),
  ];
  const secrets = candidates.map((key) => ({ key, secret: knownSecret(scope, key) }));
  const [first] = secrets;
  const found = secrets.find(({ secret }) => isGood(secret));
  if (first !== undefined && found?.key !== first.key) {
    const instead = found === undefined ? "the device's own certificate" : `that of Secret ${found.key}`;
    scope.problems.add({
      code: 'default-certificate',
      severity: 'warning',
      text: `Secret ${first.key} ${whatIsWrong(first.secret)}, so clients that name no host, or an unknown one, get ${instead}`,
    });
  }
  return isGood(found?.secret) ? found.secret : undefined;
}

/** Tells what is wrong with the Secrets of an Ingress, and with its hosts that another Ingress has. */
export function reportTls(scope: IngressScope): void {
  const { record, problems, read, annotations } = scope;
  // Read for what is wrong with it: `secretsOf` passes over it then.
  annotations.get('default-certificate');
  record.tls.forEach(({ secret: name }, index) => {
    if (name !== undefined) reportSecret(scope, `${record.namespace}/${name}`, `spec.tls[${index}].secretName`);
  });
  const rivals = (read(ingressKeys.rivals(`${record.namespace}/${record.name}`)) ?? []) as readonly string[];
  for (const rival of rivals) {
    const [host = '', owner = ''] = rival.split(' ');
    problems.add({
      code: 'tls-host-conflict',
      text: `the certificate for host ${host} is that of Ingress ${owner}, which is older; expected the same Secret, or another address`,
      field: 'spec.tls',
    });
  }
}

function reportSecret(scope: IngressScope, key: ObjectKey, field: string): void {
  const secret = knownSecret(scope, key);
  if (!isGood(secret)) {
    scope.problems.add({
      code: secret === undefined ? 'secret-missing' : 'secret-unusable',
      text: `${field}: Secret ${key} ${whatIsWrong(secret)}, expected one of type kubernetes.io/tls with tls.crt and tls.key`,
      field,
      detail:
        'What the device has of this certificate stays; without any, the default certificate answers. All else goes on.',
    });
    return;
  }
  const day = String(scope.read(ingressKeys.today));
  const [from, until] = [secret.notBefore, secret.notAfter].map((time) => time.slice(0, day.length));
  const isOver = until !== undefined && until !== '' && until < day;
  const isEarly = from !== undefined && from !== '' && from > day;
  if (!isOver && !isEarly) return;
  scope.problems.add({
    code: isOver ? 'certificate-expired' : 'certificate-not-yet-valid',
    severity: 'warning',
    text: `${field}: the certificate in data["tls.crt"] of Secret ${key} ${isOver ? `expired on ${until}` : `is not valid before ${from}`}; it is served all the same`,
    field,
  });
}

function knownSecret({ read }: IngressScope, key: ObjectKey): KnownSecret | undefined {
  return read(ingressKeys.secret(key)) as KnownSecret | undefined;
}

function isGood(secret: KnownSecret | undefined): secret is SecretRecord {
  return typeof secret === 'object';
}

function whatIsWrong(secret: KnownSecret | undefined): string {
  if (secret === undefined) return 'is not there';
  if (secret === 'unread') return 'was not read: Secrets cannot be listed';
  if (secret === 'unchosen') return 'is not read: it is not among ingress.secrets of the source';
  return 'cannot be used (see what is said of it)';
}
