import type { Contribution } from '../../src/desired/contribution.ts';
import type { Address } from '../../src/ir/address.ts';
import type { AddressPool, ExtractOptions } from '../../src/sources/kubernetes/extract/index.ts';
import type { EndpointSliceRecord, NodeRecord, ServiceRecord } from '../../src/sources/kubernetes/model.ts';
import type { KubernetesRecord, RecordKind } from '../../src/sources/kubernetes/records.ts';
import { parseAddress } from '../../src/ir/address.ts';
import { compareText } from '../../src/ir/compare-text.ts';
import {
  AddressBook,
  annotationPrefixes,
  cellsOfService,
  extractCell,
  extractOptions,
} from '../../src/sources/kubernetes/extract/index.ts';
import { keys } from '../../src/sources/kubernetes/model.ts';
import { cut } from '../../src/sources/kubernetes/records.ts';

const POOLS: readonly AddressPool[] = [{ name: 'public', ranges: ['10.1.10.0/29', '2001:db8:10::/126'] }];

interface GoldenOptions {
  readonly kind: 'GoldenOptions';
  readonly options?: Partial<ExtractOptions>;
  readonly known?: Readonly<Record<string, readonly string[]>>;
}

/** What all cells of these manifests contribute, in the order of their keys: records, address book and cells together. */
export function extractManifests(documents: readonly unknown[]): readonly Contribution[] {
  const settings = documents.find((document) => kindOf(document) === 'GoldenOptions') as GoldenOptions | undefined;
  const options = extractOptions({ source: 'east', partition: 'kubernetes', addressPools: POOLS, ...settings?.options });
  const records = documents.filter((document) => document !== settings).map((document) => record(document, options));
  const services = records.filter((item): item is ServiceRecord => item.kind === 'Service');
  const book = new AddressBook(options);
  book.remember(new Map(Object.entries(settings?.known ?? {}).map(([origin, ips]) => [origin, ips.map(address)])));
  book.updateAll(services.map((service) => [serviceKey(service), service]));
  book.release();
  const facts = factsOf(records, services, book);
  const cells = services.flatMap((service) => cellsOfService(service, options)).sort(compareText);
  return cells.flatMap((cell) => extractCell(cell, (key) => facts.get(key), options) ?? []);
}

function factsOf(
  records: readonly KubernetesRecord[],
  services: readonly ServiceRecord[],
  book: AddressBook,
): ReadonlyMap<string, unknown> {
  const slices = records.filter((item): item is EndpointSliceRecord => item.kind === 'EndpointSlice').sort(byName);
  const nodes = records.filter((item): item is NodeRecord => item.kind === 'Node').sort(byName);
  const facts = new Map<string, unknown>([[keys.nodes, nodes]]);
  for (const service of services) {
    const key = serviceKey(service);
    facts.set(keys.service(key), service);
    facts.set(keys.addresses(key), book.decision(key));
    const own = slices.filter((slice) => slice.namespace === service.namespace && slice.service === service.name);
    facts.set(keys.slices(key), own);
  }
  return facts;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

function serviceKey(service: ServiceRecord): string {
  return `${service.namespace}/${service.name}`;
}

function kindOf(document: unknown): string {
  return String((document as { readonly kind?: unknown } | null)?.kind);
}

function record(document: unknown, options: ExtractOptions): KubernetesRecord {
  const done = cut(kindOf(document) as RecordKind, document, { annotationPrefixes: annotationPrefixes(options) });
  if (done.record === undefined) throw new TypeError(`${kindOf(document)}: ${JSON.stringify(done.problems)}`);
  return done.record;
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new TypeError(`known address ${text}, expected an IP address`);
  return parsed;
}
