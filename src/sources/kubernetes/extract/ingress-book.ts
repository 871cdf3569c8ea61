import type { Address } from '../../../ir/address.ts';
import type { BackendUse, DefaultCertificate, HostUse, IngressRecord, KnownSecret } from '../model-ingress.ts';
import type { ObjectKey, OwnerKey } from '../model.ts';
import type { AddressDecision } from './address-decision.ts';
import type { DefaultWish } from './default-certificates.ts';
import type { ExtractOptions } from './options.ts';
import type { Claimer } from './slots.ts';
import type { WantedHost } from './tls-hosts.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { equalValues } from '../../../ir/equal.ts';
import { Relation } from '../../../plan/relation.ts';
import { ingressKeys } from '../model-ingress.ts';
import { sinceOf } from './age.ts';
import { isPolicyAlone } from './codeshare.ts';
import { sameAddress } from './address-wish.ts';
import { familyName } from './families.ts';
import { DefaultCertificates } from './default-certificates.ts';
import { asksForDefault, frontPorts, secretsOf } from './ingress-wish.ts';
import { frontName } from './names.ts';
import { TlsHosts, slotOf } from './tls-hosts.ts';

/** What a change of an Ingress touched. */
export interface BookTouched {
  /** Keys of model-ingress.ts whose values changed. */
  readonly keys: readonly string[];
  /** Services and Secrets that came into use, went out of it, or are used in another way. */
  readonly owners: readonly OwnerKey[];
}

interface ServiceUse {
  readonly service: ObjectKey;
  readonly uses: readonly BackendUse[];
}

/** What one Ingress wants. */
interface Entry extends Claimer {
  readonly services: readonly ServiceUse[];
  readonly hosts: readonly WantedHost[];
  readonly secrets: readonly ObjectKey[];
  /** Fronts on which it has a rule with a wildcard host. */
  readonly wildcards: readonly string[];
  readonly defaultWish: DefaultWish;
}

const NOTHING: Omit<Entry, 'key'> = {
  since: '',
  services: [],
  hosts: [],
  secrets: [],
  wildcards: [],
  defaultWish: { fronts: [], secrets: [], asks: false },
};

const NO_USES: readonly BackendUse[] = [];

/**
 * What the Ingresses of ours want of Services and Secrets, and which of them has a TLS host where several ask for it. A
 * change costs what it touches, not how many Ingresses there are.
 */
export class IngressBook {
  readonly #options: ExtractOptions;
  readonly #entries = new Map<ObjectKey, Entry>();
  readonly #usersOf = new Relation<ObjectKey, ObjectKey>();
  readonly #secretUsers = new Relation<ObjectKey, ObjectKey>();
  readonly #hosts = new TlsHosts();
  readonly #defaults: DefaultCertificates;
  readonly #wildcards = new Relation<string, ObjectKey>();

  constructor(options: ExtractOptions) {
    this.#options = options;
    this.#defaults = new DefaultCertificates(options.ingress?.defaultSecret);
  }

  /** An Ingress of ours as it is now, with what the address book gave it; undefined: it is gone, or not ours. */
  update(key: ObjectKey, record: IngressRecord | undefined, decision: AddressDecision | undefined): BookTouched {
    const nothing: Entry = { key, ...NOTHING };
    const before = this.#entries.get(key) ?? nothing;
    const after = record === undefined ? nothing : this.#entryOf(key, record, decision);
    if (equalValues(before, after)) return { keys: [], owners: [] };
    const services = [...new Set([...before.services, ...after.services].map(({ service }) => service))];
    const old = services.map((service) => this.uses(service));
    const fronts = [...new Set([...before.wildcards, ...after.wildcards])];
    const had = fronts.map((front) => this.hasWildcards(front));
    this.#link(before, after);
    const turned = fronts.filter((front, index) => this.hasWildcards(front) !== had[index]);
    const { since } = record === undefined ? before : after;
    const touched = [
      ...this.#hosts.move({ key, since }, before.hosts, after.hosts),
      ...this.#defaults.move({ key, since }, before.defaultWish, after.defaultWish),
    ];
    const changed = services.filter((service, index) => !equalValues(old[index], this.uses(service)));
    const secrets = new Set([...before.secrets, ...after.secrets]);
    return {
      keys: [
        ...touched,
        ...changed.map((service) => ingressKeys.uses(service)),
        ...turned.map((front) => ingressKeys.wildcards(front)),
      ],
      owners: [...changed, ...[...secrets].map((secret) => `Secret/${secret}`)],
    };
  }

  /** What Ingresses want of a Service, each port once. */
  uses(service: ObjectKey): readonly BackendUse[] {
    const users = [...this.#usersOf.of(service)];
    const all = users.flatMap((key) => this.#entries.get(key)?.services ?? []);
    const own = all.flatMap((one) => (one.service === service ? one.uses : []));
    return own.length === 0 ? NO_USES : joinUses(own);
  }

  /** The TLS hosts that a Secret serves, sorted. */
  hosts(secret: ObjectKey): readonly HostUse[] {
    return this.#hosts.of(secret);
  }

  /** Whether any Ingress of ours names a Secret. */
  usesSecret(secret: ObjectKey): boolean {
    return this.#secretUsers.of(secret).size > 0;
  }

  /** TLS hosts of an Ingress that an older one serves with another Secret: `host ns/name`. */
  rivals(ingress: ObjectKey): readonly string[] {
    return this.#hosts.lost(this.#entries.get(ingress)?.hosts ?? []);
  }

  /** Whether an Ingress has a rule with a wildcard host on a front. */
  hasWildcards(front: string): boolean {
    return this.#wildcards.of(front).size > 0;
  }

  /** The default certificate of a front; undefined: it has no TLS. */
  defaultCertificate(
    front: string,
    secretOf: (key: ObjectKey) => KnownSecret | undefined,
  ): DefaultCertificate | undefined {
    return this.#defaults.of(front, secretOf);
  }

  /** The fronts whose default certificate is that of a Secret, sorted. */
  defaultFronts(secret: ObjectKey, secretOf: (key: ObjectKey) => KnownSecret | undefined): readonly string[] {
    return this.#defaults.frontsOf(secret, secretOf);
  }

  /** A Secret came, went or changed; gives the keys of model-ingress.ts whose values may have changed. */
  secretChanged(key: ObjectKey, known: KnownSecret | undefined): readonly string[] {
    return this.#defaults.secretChanged(key, known);
  }

  #link(before: Entry, after: Entry): void {
    const { key } = after;
    for (const { service } of before.services) this.#usersOf.remove(service, key);
    for (const { service } of after.services) this.#usersOf.add(service, key);
    for (const secret of before.secrets) this.#secretUsers.remove(secret, key);
    for (const secret of after.secrets) this.#secretUsers.add(secret, key);
    for (const front of before.wildcards) this.#wildcards.remove(front, key);
    for (const front of after.wildcards) this.#wildcards.add(front, key);
    if (after.since === '') this.#entries.delete(key);
    else this.#entries.set(key, after);
  }

  #entryOf(key: ObjectKey, record: IngressRecord, decision: AddressDecision | undefined): Entry {
    const addresses = decision?.addresses ?? [];
    const families = [...new Set(addresses.map(familyName))];
    const { http, https } = frontPorts(record, this.#options);
    const namesOf = (port: number | undefined): readonly string[] =>
      port === undefined
        ? []
        : addresses.filter(isServedAt(decision, port)).map((address) => frontName({ address, port }));
    const fronts = namesOf(https);
    const secrets = secretsOf(record, this.#options);
    const hasWildcard = record.rules.some(({ host }) => host.startsWith('*.'));
    return {
      key,
      since: sinceOf(record),
      services: servicesOf(record, isPolicyAlone(record, this.#options) ? ['IPv4'] : families),
      hosts: fronts.flatMap((front) => hostsOf(record, front)),
      secrets: [...secrets].sort(compareText),
      wildcards: hasWildcard ? [...namesOf(http), ...fronts] : [],
      defaultWish: { fronts, secrets, asks: asksForDefault(record, this.#options) },
    };
  }
}

/** Whether an address and port is not somebody else's: an Ingress that is refused there has no say. */
function isServedAt(decision: AddressDecision | undefined, port: number): (address: Address) => boolean {
  return (address) =>
    decision?.refused.some((other) => other.port === port && sameAddress(other.address, address)) !== true;
}

/** Of two Secrets that one Ingress names for a host, the first counts. */
function hostsOf(record: IngressRecord, front: string): readonly WantedHost[] {
  const all = record.rules.map(({ host }) => host).filter((host) => host !== '');
  const wanted = record.tls.flatMap(({ hosts, secret }) => {
    if (secret === undefined) return [];
    const key = `${record.namespace}/${secret}`;
    return (hosts.length === 0 ? all : hosts).map((host): WantedHost => ({ front, host, secret: key }));
  });
  return [...new Map(wanted.toReversed().map((one) => [slotOf(one), one])).values()];
}

function servicesOf(record: IngressRecord, families: readonly ('IPv4' | 'IPv6')[]): readonly ServiceUse[] {
  const uses = new Map<ObjectKey, BackendUse[]>();
  const backends = [...record.rules.flatMap(({ paths }) => paths.map(({ backend }) => backend)), record.defaultBackend];
  for (const backend of families.length === 0 ? [] : backends) {
    if (backend?.service === undefined || backend.port === undefined) continue;
    const service = `${record.namespace}/${backend.service}`;
    uses.set(service, [...(uses.get(service) ?? []), { port: backend.port, families }]);
  }
  return [...uses]
    .map(([service, list]) => ({ service, uses: joinUses(list) }))
    .sort((a, b) => compareText(a.service, b.service));
}

/** Each port once, with all the families that anybody wants of it; sorted. */
function joinUses(uses: readonly BackendUse[]): readonly BackendUse[] {
  const byPort = new Map<number | string, Set<'IPv4' | 'IPv6'>>();
  for (const { port, families } of uses) {
    const known = byPort.get(port) ?? new Set();
    for (const family of families) known.add(family);
    byPort.set(port, known);
  }
  return [...byPort]
    .map(([port, families]) => ({ port, families: [...families].sort(compareText) }))
    .sort((a, b) => compareText(String(a.port), String(b.port)) || compareText(typeof a.port, typeof b.port));
}
