import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { Address } from '../../../ir/address.ts';
import type { ServiceRecord } from '../model.ts';
import type { Plot } from './address-space.ts';
import type { Wish } from './address-wish.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import type { Claimer, Port } from './slots.ts';
import type { IngressRecord } from '../model-ingress.ts';
import { ownerKey } from '../model.ts';
import { equalValues } from '../../../ir/equal.ts';
import { statusAddresses, wishOf } from './address-wish.ts';
import type { Joint } from './ingress-wish.ts';
import { ingressPorts, jointOf, ingressWish } from './ingress-wish.ts';
import { sinceOf } from './age.ts';
import { protocolOf } from './exposure.ts';
import { familyName } from './families.ts';

/** What may ask for an address. */
export type AddressRecord = ServiceRecord | IngressRecord;

/** One Service or Ingress in the address book. */
export interface Entry extends Claimer {
  readonly record: AddressRecord;
  readonly wish: Wish;
  readonly ports: readonly Port[];
  /** What its status says it has. */
  readonly status: readonly Address[];
  /** What it had before it changed. */
  readonly had: readonly Address[];
  /** Addresses that it names itself; for an unclear wish those that it keeps. */
  explicit: readonly Address[];
  /** Where it may get an address from, for each family that it wants one of. */
  readonly plots: ReadonlyMap<Family, readonly Plot[]>;
  /** What it was given from pools. */
  readonly given: Map<Family, Address>;
}

/** What the book needs to make an entry of a record. */
export interface EntryScope {
  readonly options: ExtractOptions;
  readonly had: readonly Address[];
  /** What an Ingress had in common with others before it changed. */
  readonly joint?: Joint | undefined;
  readonly plots: (pools: readonly string[], family: Family) => readonly Plot[];
}

/** Reads a Service or an Ingress of ours; undefined: it needs no address. */
export function entryOf(record: AddressRecord, { options, had, joint, plots }: EntryScope): Entry | undefined {
  const wish = record.kind === 'Service' ? wishOf(record, options) : ingressWish(record, options);
  if (wish === undefined) return undefined;
  const families = wish.kind === 'pool' ? wish.families : [];
  const pools = wish.kind === 'pool' ? wish.pools : [];
  const key = `${record.namespace}/${record.name}`;
  return {
    key: ownerKey(record.kind, key) ?? key,
    since: sinceOf(record),
    ...(record.kind === 'Ingress' ? jointOf(record, options, joint) : {}),
    record,
    wish,
    ports: record.kind === 'Service' ? portsOf(record) : ingressPorts(record, options),
    status: statusAddresses(record, options),
    had,
    explicit: wish.kind === 'explicit' ? wish.addresses : [],
    plots: new Map(families.map((family) => [family, plots(pools, family)])),
    given: new Map(),
  };
}

function portsOf(record: ServiceRecord): readonly Port[] {
  return record.ports.flatMap((port) => {
    const protocol = protocolOf(port);
    return protocol === undefined ? [] : [{ protocol, port: port.port }];
  });
}

/** Whether two entries of one owner ask for the same. What the status says does not matter: the book knows better. */
export function sameWish(a: Entry, b: Entry): boolean {
  const isSame = a.since === b.since && a.joint === b.joint && a.isVague === b.isVague;
  return isSame && equalValues(a.wish, b.wish) && equalValues(a.ports, b.ports);
}

/** The candidates that an entry wants, with their family. */
export function candidatesOf(
  entry: Entry,
  candidates: readonly Address[],
): readonly { readonly family: Family; readonly address: Address }[] {
  return candidates
    .map((address) => ({ family: familyName(address), address }))
    .filter(({ family }) => entry.plots.has(family));
}

/** The addresses that an entry has now, IPv4 first. */
export function addressesOf(entry: Entry): readonly Address[] {
  const all = [...entry.explicit, ...entry.given.values()];
  return all.sort((a, b) => Number(a.ip.includes(':')) - Number(b.ip.includes(':')));
}

/** Diagnostics that come with the wish itself. */
export function wishDiagnostics(entry: Entry): readonly Diagnostic[] {
  return entry.wish.kind === 'unclear' ? entry.wish.diagnostics : [];
}

/** The first address of each family. */
export function onePerFamily(addresses: readonly Address[]): readonly Address[] {
  const first = new Map<Family, Address>();
  for (const address of addresses) if (!first.has(familyName(address))) first.set(familyName(address), address);
  return [...first.values()];
}
