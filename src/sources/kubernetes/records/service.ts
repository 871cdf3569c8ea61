import type { ServicePort, ServiceRecord } from '../model.ts';
import type { Identity } from '../records.ts';
import type { Fields } from './fields.ts';
import { given, intern } from './intern.ts';
import { LABEL_FORM, isLabel } from './label.ts';

const TYPES = new Set(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']);
const PROTOCOLS = new Set(['TCP', 'UDP', 'SCTP']);

/** Cuts a core/v1 Service. Fields left out get the API server's defaults, because manifests come without them. */
export function cutService(object: Fields, identity: Identity, prefixes: readonly string[]): ServiceRecord {
  const metadata = object.child('metadata');
  const spec = object.child('spec');
  const type = spec.string('type') ?? 'ClusterIP';
  if (!TYPES.has(type)) spec.problem('type', type, [...TYPES].join(', '));
  const ports = spec.objects('ports').map((port) => cutPort(port));
  checkPortNames(spec, ports);
  checkPortNumbers(spec, ports);
  if (ports.length === 0 && type === 'LoadBalancer') spec.problem('ports', undefined, 'at least one port');
  return {
    kind: 'Service',
    namespace: intern(identity.namespace),
    name: identity.name,
    uid: metadata.string('uid') ?? '',
    creationTimestamp: metadata.string('creationTimestamp') ?? '',
    ...(metadata.raw('deletionTimestamp') === undefined ? {} : { deleting: true as const }),
    annotations: metadata.stringMap('annotations', (name) => prefixes.some((prefix) => name.startsWith(prefix))),
    type,
    ...optionalFields(spec),
    ipFamilies: ipFamilies(spec),
    ports,
    ingressIps: ingressIps(object),
  };
}

// Two ports of one name would be one virtual server. The API server has seen to this, manifests hold anything.
function checkPortNames(spec: Fields, ports: readonly ServicePort[]): void {
  const seen = new Set<string>();
  ports.forEach(({ name, port }, index) => {
    const key = name ?? String(port);
    const expected = name === undefined ? 'a name, as another port has this number' : 'a name that no other port has';
    if (name !== undefined && !isLabel(name)) spec.problem(`ports.${index}.name`, name, LABEL_FORM);
    else if (port !== 0 && seen.has(key)) spec.problem(`ports.${index}.name`, name, expected);
    seen.add(key);
  });
}

// Two ports of one number and protocol would be one destination.
function checkPortNumbers(spec: Fields, ports: readonly ServicePort[]): void {
  const seen = new Set<string>();
  ports.forEach(({ port, protocol }, index) => {
    const key = `${protocol} ${port}`;
    if (port !== 0 && seen.has(key))
      spec.problem(`ports.${index}.port`, port, `a number that no other ${protocol} port of the Service has`);
    seen.add(key);
  });
}

function optionalFields(spec: Fields): Partial<ServiceRecord> {
  return given<Partial<ServiceRecord>>({
    loadBalancerClass: spec.string('loadBalancerClass'),
    loadBalancerIP: spec.string('loadBalancerIP') || undefined,
    loadBalancerSourceRanges: spec.strings('loadBalancerSourceRanges'),
    clusterIP: spec.string('clusterIP') || undefined,
    externalTrafficPolicy: spec.string('externalTrafficPolicy'),
    ...affinity(spec),
    ipFamilyPolicy: spec.string('ipFamilyPolicy'),
  });
}

// The API server fills in three hours.
const AFFINITY_SECONDS = 10_800;
const AFFINITY_MAX = 86_400;

function affinity(spec: Fields): Pick<ServiceRecord, 'sessionAffinity' | 'affinitySeconds'> {
  const kind = spec.string('sessionAffinity');
  if (kind === undefined || kind === 'None') return kind === undefined ? {} : { sessionAffinity: kind };
  if (kind !== 'ClientIP') spec.problem('sessionAffinity', kind, 'None, ClientIP');
  const config = spec.child('sessionAffinityConfig').child('clientIP');
  const seconds = config.raw('timeoutSeconds') ?? AFFINITY_SECONDS;
  const isValid = Number.isInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= AFFINITY_MAX;
  if (!isValid) config.problem('timeoutSeconds', seconds, `seconds, a whole number from 1 to ${AFFINITY_MAX}`);
  return { sessionAffinity: kind, affinitySeconds: isValid ? Number(seconds) : AFFINITY_SECONDS };
}

function cutPort(port: Fields): ServicePort {
  const number = port.port('port');
  if (number === undefined && port.raw('port') === undefined) {
    port.problem('port', undefined, 'a port number from 1 to 65535');
  }
  const protocol = port.string('protocol') ?? 'TCP';
  if (!PROTOCOLS.has(protocol)) port.problem('protocol', protocol, [...PROTOCOLS].join(', '));
  const name = port.string('name');
  return {
    ...given<Partial<ServicePort>>({ name: name ? intern(name) : undefined }),
    protocol: intern(protocol),
    port: number ?? 0,
    ...given<Partial<ServicePort>>({
      targetPort: targetPort(port),
      nodePort: nodePort(port),
      appProtocol: port.string('appProtocol') || undefined,
    }),
  };
}

// The API server stores 0 for "none" in some old objects; both of these mean "left out".
function targetPort(port: Fields): number | string | undefined {
  const value = port.raw('targetPort');
  return value === 0 || value === '' ? undefined : port.portOrName('targetPort');
}

function nodePort(port: Fields): number | undefined {
  return port.raw('nodePort') === 0 ? undefined : port.port('nodePort');
}

function ipFamilies(spec: Fields): ('IPv4' | 'IPv6')[] {
  const families = spec.strings('ipFamilies') ?? [];
  families.forEach((family, index) => {
    if (family !== 'IPv4' && family !== 'IPv6') spec.problem(`ipFamilies.${index}`, family, 'IPv4, IPv6');
  });
  if (families.length > 0) return families.filter((family) => family === 'IPv4' || family === 'IPv6');
  const policy = spec.raw('ipFamilyPolicy');
  if (policy === 'PreferDualStack' || policy === 'RequireDualStack') return ['IPv4', 'IPv6'];
  const addresses = [spec.raw('clusterIP'), spec.raw('loadBalancerIP')];
  return addresses.some((address) => typeof address === 'string' && address.includes(':')) ? ['IPv6'] : ['IPv4'];
}

function ingressIps(object: Fields): string[] {
  const ingress = object.child('status').child('loadBalancer').objects('ingress');
  return ingress.map((entry) => entry.string('ip')).filter((ip) => ip !== undefined);
}
