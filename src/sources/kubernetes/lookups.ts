import type { AddressDecision, IngressBook } from './extract/index.ts';
import type { IngressRecord, KnownSecret } from './model-ingress.ts';
import type { ObjectKey, OwnerKey, ServiceRecord } from './model.ts';
import type { Overlay } from './overlay.ts';
import type { RecordStore } from './store.ts';

/** What stands behind the keys of model.ts and model-ingress.ts. */
export interface Facts {
  readonly store: RecordStore;
  /** Undefined: Ingresses are not read. */
  readonly ingresses: IngressBook | undefined;
  /** The overlay that members are reached through. */
  readonly overlay: Overlay | undefined;
  /** The Service as far as it counts. */
  service(key: ObjectKey): ServiceRecord | undefined;
  /** The Ingress as far as it counts and is ours. */
  ingress(key: ObjectKey): IngressRecord | undefined;
  /** Undefined: there is none. */
  secret(key: ObjectKey): KnownSecret | undefined;
  decision(owner: OwnerKey): AddressDecision | undefined;
  /** The date in UTC. */
  today(): string;
}

type Lookup = (object: string, facts: Facts) => unknown;

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  Service: (object, facts) => facts.service(object),
  Slices: (object, { store }) => store.slicesOf(object),
  Addresses: (object, facts) => facts.decision(object),
  Nodes: (_, { store }) => store.nodes,
  Ingress: (object, facts) => facts.ingress(object),
  Secret: (object, facts) => facts.secret(object),
  Blocked: (object, { store }) => store.blocked(object),
  Uses: (object, { ingresses }) => ingresses?.uses(object),
  Hosts: (object, { ingresses }) => ingresses?.hosts(object),
  Rivals: (object, { ingresses }) => ingresses?.rivals(object),
  Wildcards: (object, { ingresses }) => ingresses?.hasWildcards(object),
  DefaultCertificate: (object, facts) => facts.ingresses?.defaultCertificate(object, (key) => facts.secret(key)),
  DefaultFronts: (object, facts) => facts.ingresses?.defaultFronts(object, (key) => facts.secret(key)),
  LocalPorts: (object, { store }) => store.localPortsOf(object),
  Vteps: (object, { overlay }) => overlay?.lookup(object),
  Today: (_, facts) => facts.today(),
};

/** The value under a key. */
export function lookUp(key: string, facts: Facts): unknown {
  const slash = key.indexOf('/');
  const [kind, object] = slash < 0 ? [key, ''] : [key.slice(0, slash), key.slice(slash + 1)];
  return LOOKUPS[kind]?.(object, facts);
}
