import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { Address } from '../../../ir/address.ts';
import type { ServiceRecord } from '../model.ts';
import type { Family } from './ip-range.ts';
import type { Named } from './names.ts';
import type { AddressPool, ExtractOptions } from './options.ts';
import { parseAddress, printAddress } from '../../../ir/address.ts';
import { AnnotationReader, annotationField } from './annotation-reader.ts';
import { addresses as parseAddresses } from '../../values/parsers.ts';
import { exposureOf, protocolOf } from './exposure.ts';
import { placed, stackOf } from './families.ts';
import { Problems } from './problems.ts';

/** What a Service asks of the address book. */
export type Wish =
  /** Just these, whatever the pools hold. `field` is where they were written. */
  | { readonly kind: 'explicit'; readonly addresses: readonly Address[]; readonly field: string }
  /** One of each family, from the first of these pools that has one. */
  | { readonly kind: 'pool'; readonly families: readonly Family[]; readonly pools: readonly string[] }
  /** It cannot be understood: the Service keeps what it has. */
  | { readonly kind: 'unclear'; readonly diagnostics: readonly Diagnostic[] };

/** Reads the wish off a Service; undefined: it needs no address. */
export function wishOf(record: ServiceRecord, options: ExtractOptions): Wish | undefined {
  const exposure = exposureOf(record, options);
  if (exposure === 'unclear') return { kind: 'unclear', diagnostics: [] };
  if (exposure !== 'yes' || !record.ports.some((port) => protocolOf(port) !== undefined)) return undefined;
  const problems = new Problems(record, options);
  const wish = explicitWish({ record, options, problems }) ?? poolWish({ record, options, problems });
  return problems.frozen ? { kind: 'unclear', diagnostics: problems.list } : wish;
}

interface Scope {
  readonly record: ServiceRecord;
  readonly options: ExtractOptions;
  readonly problems: Problems;
}

function explicitWish({ record, options, problems }: Scope): Wish | undefined {
  const reader = new AnnotationReader(record, options, problems);
  const annotated = reader.get('address');
  const field = reader.field('address');
  if (field !== undefined) return explicitAddresses(annotated ?? [], field, options);
  const text = record.loadBalancerIP ?? '';
  if (text === '') return undefined;
  const parsed = parseAddresses(text);
  if (parsed === undefined) {
    problems.freeze({
      code: 'address-invalid',
      text: `spec.loadBalancerIP is ${JSON.stringify(text)}, expected an IP address`,
      field: 'spec.loadBalancerIP',
    });
  }
  return explicitAddresses(parsed ?? [], 'spec.loadBalancerIP', options);
}

/** The wish for just these; `field` is where they were written. */
export function explicitAddresses(addresses: readonly Address[], field: string, options: ExtractOptions): Wish {
  return { kind: 'explicit', addresses: addresses.map((address) => placed(address, options)), field };
}

function poolWish({ record, options, problems }: Scope): Wish {
  const reader = new AnnotationReader(record, options, problems);
  const pools = poolNamed(reader, { record, options, problems });
  return { kind: 'pool', families: stackOf(record).families, pools };
}

/** The pools that are open to the namespace of an object, in the configuration's order. */
export function openPools({ namespace }: Named, { addressPools }: ExtractOptions): readonly AddressPool[] {
  return addressPools.filter((pool) => pool.namespaces?.includes(namespace) ?? true);
}

/** The names of the pools that an object may have an address from: the one that it names, or all that are open to it. */
export function poolNamed(
  reader: AnnotationReader,
  { record, options, problems }: Pick<Scope, 'options' | 'problems'> & { readonly record: Named },
): readonly string[] {
  const named = reader.get('address-pool');
  const names = openPools(record, options).map((pool) => pool.name);
  if (named !== undefined && !names.includes(named)) {
    const key = `${options.annotationPrefix}address-pool`;
    const expected = names.length === 0 ? 'there is none' : names.join(', ');
    problems.freeze({
      code: 'annotation-invalid',
      text: `annotation ${key} is ${JSON.stringify(named)}, expected one that is open to namespace ${record.namespace}: ${expected}`,
      field: annotationField(key),
    });
  }
  return named === undefined ? names : [named];
}

/** Addresses that an owner already has by its status, in the form of the address book. */
export function statusAddresses(
  record: { readonly ingressIps: readonly string[] },
  options: ExtractOptions,
): readonly Address[] {
  return record.ingressIps
    .map((ip) => parseAddress(ip))
    .filter((address) => address !== undefined)
    .map((address) => placed(address, options));
}

/** Whether two addresses are the same. */
export function sameAddress(a: Address, b: Address): boolean {
  return printAddress(a) === printAddress(b);
}
