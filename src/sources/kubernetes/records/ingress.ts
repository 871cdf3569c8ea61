import type { IngressBackend, IngressClassRecord, IngressPath, IngressRecord, IngressRule } from '../model-ingress.ts';
import type { Identity } from '../records.ts';
import type { Fields } from './fields.ts';
import { given, intern } from './intern.ts';

const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'] as const;
const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const HOST_FORM = 'a DNS name, or one with *. in front';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** Cuts a networking.k8s.io/v1 Ingress. What the API server checks is checked here, too: manifests hold anything. */
export function cutIngress(object: Fields, identity: Identity, prefixes: readonly string[]): IngressRecord {
  const metadata = object.child('metadata');
  const spec = object.child('spec');
  const rules = spec.objects('rules').map((rule) => cutRule(rule));
  if (rules.length === 0 && spec.raw('defaultBackend') === undefined) {
    spec.problem('rules', spec.raw('rules'), 'at least one rule, or a defaultBackend');
  }
  return {
    kind: 'Ingress',
    namespace: intern(identity.namespace),
    name: identity.name,
    uid: metadata.string('uid') ?? '',
    creationTimestamp: metadata.string('creationTimestamp') ?? '',
    ...(metadata.raw('deletionTimestamp') === undefined ? {} : { deleting: true as const }),
    annotations: metadata.stringMap('annotations', (name) => prefixes.some((prefix) => name.startsWith(prefix))),
    ...given<Partial<IngressRecord>>({
      className: spec.string('ingressClassName') || undefined,
      defaultBackend: spec.raw('defaultBackend') === undefined ? undefined : cutBackend(spec.child('defaultBackend')),
    }),
    rules,
    tls: spec.objects('tls').map((entry) => {
      const secret = entry.string('secretName');
      const hosts = (entry.strings('hosts') ?? []).map((host) => host.toLowerCase());
      hosts.forEach((host, index) => {
        if (!HOST.test(host)) entry.problem(`hosts.${index}`, host, HOST_FORM);
      });
      return secret === undefined || secret === '' ? { hosts } : { hosts, secret };
    }),
    ingressIps: object
      .child('status')
      .child('loadBalancer')
      .objects('ingress')
      .map((entry) => entry.string('ip'))
      .filter((ip) => ip !== undefined),
  };
}

/** Cuts a networking.k8s.io/v1 IngressClass: whose it is, and whether Ingresses without a class belong to it. */
export function cutIngressClass(object: Fields, { name }: Identity): IngressClassRecord {
  const annotations = object.child('metadata').stringMap('annotations', (key) => key === DEFAULT_CLASS);
  return {
    kind: 'IngressClass',
    name,
    controller: object.child('spec').string('controller') ?? '',
    ...(annotations[DEFAULT_CLASS] === 'true' ? { isDefault: true } : {}),
  };
}

function cutRule(rule: Fields): IngressRule {
  const host = (rule.string('host') ?? '').toLowerCase();
  if (host !== '' && !HOST.test(host)) rule.problem('host', host, HOST_FORM);
  return {
    host: intern(host),
    paths: rule
      .child('http')
      .objects('paths')
      .map((path) => cutPath(path)),
  };
}

function cutPath(entry: Fields): IngressPath {
  const path = entry.string('path') ?? '';
  const pathType = entry.string('pathType');
  const isKnown = PATH_TYPES.some((type) => type === pathType);
  if (!isKnown) entry.problem('pathType', pathType, PATH_TYPES.join(', '));
  const needsSlash = path !== '' || pathType !== 'ImplementationSpecific';
  if (needsSlash && !path.startsWith('/')) entry.problem('path', path, 'a path that begins with /');
  if (/[\s\p{Cc}]/u.test(path)) entry.problem('path', path, 'a path without blanks');
  if (entry.raw('backend') === undefined) entry.problem('backend', undefined, 'a Service and its port');
  return { path, pathType: intern(pathType ?? ''), backend: cutBackend(entry.child('backend')) };
}

function cutBackend(backend: Fields): IngressBackend {
  if (backend.raw('resource') !== undefined) {
    const resource = backend.child('resource');
    const kind = [resource.string('apiGroup'), resource.string('kind')].filter((part) => part !== undefined).join('/');
    return { resource: `${kind} ${resource.string('name') ?? ''}` };
  }
  const service = backend.child('service');
  const name = service.string('name') ?? '';
  if (name === '') service.problem('name', service.raw('name'), 'the name of a Service');
  const port = service.child('port');
  const number = port.raw('number') === undefined || port.raw('number') === 0 ? undefined : port.port('number');
  const found = number ?? (port.string('name') || undefined);
  if (found === undefined)
    port.problem('number', port.raw('number'), 'the number or the name of a port of the Service');
  return { service: intern(name), ...(found === undefined ? {} : { port: found }) };
}
