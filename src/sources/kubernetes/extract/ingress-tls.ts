import type { ClientSsl } from '../../../ir/ssl-profile.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { ProfileUse } from '../../../ir/virtual.ts';
import type { DefaultCertificate, KnownSecret, SecretRecord } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { printAddress } from '../../../ir/address.ts';
import { ingressKeys } from '../model-ingress.ts';
import { DEVICE_CERTIFICATE, DEVICE_KEY } from './ingress-options.ts';
import { describe, frontPath, secretPath } from './names.ts';

/**
 * The client-ssl profiles that an Ingress needs on a front: that of each of its hosts, which the Secret gives, and the
 * default one, which all Ingresses give.
 */
export function tlsProfiles(scope: IngressScope, front: Front): readonly ProfileUse[] {
  const { record, options } = scope;
  const all = record.rules.map(({ host }) => host).filter((host) => host !== '');
  const hosts = record.tls.flatMap(({ hosts: named, secret }) =>
    secret === undefined ? [] : named.length === 0 ? all : named,
  );
  const paths = new Set([
    defaultPath(front.name, options),
    ...hosts.map((host) => frontPath(front.name, options, host)),
  ]);
  return [...paths].map((path) => ({ path, context: 'clientside' }));
}

/**
 * The profile for clients that name no host or an unknown one, with the certificate that every device has: all Ingresses of a
 * front give it, and yield to the Secret that has the default certificate. So there is one whatever becomes of that.
 */
export function defaultProfile(scope: IngressScope, front: Front): ClientSsl {
  const { record, options, read } = scope;
  const decided = read(ingressKeys.defaultCertificate(front.name)) as DefaultCertificate | undefined;
  if (decided !== undefined) reportDefault(scope, front, decided);
  return {
    kind: 'client-ssl',
    path: defaultPath(front.name, options),
    description: describe(record, options),
    cert: DEVICE_CERTIFICATE,
    key: DEVICE_KEY,
    sniDefault: true,
  };
}

/** Fields of it that are those of a Secret, if one gives them. */
export const YIELDING: readonly (keyof ClientSsl)[] = ['cert', 'key'];

/** Where the default profile of a front is. */
export function defaultPath(front: string, options: IngressScope['options']): FullPath {
  return frontPath(front, options, '_default');
}

type Material = Pick<ClientSsl, 'cert' | 'key' | 'chain'>;

/** Where the certificate and key of a Secret are on the device. */
export function materialOf({ namespace, name, chain }: SecretRecord, options: IngressScope['options']): Material {
  const path = secretPath(`${namespace}/${name}`, options);
  return { cert: `${path}.crt`, key: `${path}.key`, ...(chain === undefined ? {} : { chain: `${path}.chain.crt` }) };
}

/** The one that decides hears of it if the certificate is not the one that it should be, and who asks for another one. */
function reportDefault(
  scope: IngressScope,
  front: Front,
  { by, others, candidates, secret }: DefaultCertificate,
): void {
  const { record, options, ingress, annotations, problems } = scope;
  const [first] = candidates;
  const field = annotations.field('default-certificate');
  const key = `${options.annotationPrefix}default-certificate`;
  const where = `${printAddress(front.address)} port ${front.port}`;
  const own = `${record.namespace}/${annotations.get('default-certificate') ?? ''}`;
  const isMine = by === `${record.namespace}/${record.name}`;
  if (!isMine && field !== undefined && !candidates.includes(own)) {
    problems.add({
      code: 'part-conflict',
      text: `annotation ${key} names Secret ${own}, but ${where} is shared with Ingress ${by}, which comes first and names Secret ${candidates.find((one) => one !== ingress.defaultSecret)}; expected the same, or another address`,
      field,
      detail: 'All else of the Ingress goes on.',
    });
  }
  if (isMine && field !== undefined && others.length > 0) {
    const named = others.map((other) => `Ingress ${other}`).join(', ');
    const text = `annotation ${key} decides for all of ${where}; it was not taken from ${named}`;
    problems.add({ code: 'part-conflict', severity: 'warning', text, field });
  }
  if (!isMine || first === undefined || first === secret) return;
  const instead = secret === undefined ? "the device's own certificate" : `that of Secret ${secret}`;
  problems.add({
    code: 'default-certificate',
    severity: 'warning',
    text: `Secret ${first} ${whatIsWrong(knownSecret(scope, first))}, so clients that name no host, or an unknown one, get ${instead}`,
  });
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
