import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { Address } from '../../../ir/address.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Read } from '../../cells.ts';
import type { BackendUse } from '../model-ingress.ts';
import type { ServicePort, ServiceRecord } from '../model.ts';
import type { AddressDecision } from './address-decision.ts';
import type { Stack } from './families.ts';
import type { ExtractOptions } from './options.ts';
import type { Protocol } from '../../values/defaults.ts';
import { canonical } from '../../../ir/canonical.ts';
import { originKey } from '../../../ir/origin.ts';
import { ingressKeys } from '../model-ingress.ts';
import { keys } from '../model.ts';
import { sinceOf } from './age.ts';
import { AnnotationReader } from './annotation-reader.ts';
import { sameAddress } from './address-wish.ts';
import { stackOf } from './families.ts';
import { Problems } from './problems.ts';

/** All that the extraction of one cell works with. */
export interface Scope {
  readonly record: ServiceRecord;
  readonly options: ExtractOptions;
  readonly read: Read;
  readonly problems: Problems;
  readonly annotations: AnnotationReader;
  readonly stack: Stack;
}

/** A Service port with its protocol, known to be one that a BIG-IP balances. */
export interface Listening {
  readonly port: ServicePort;
  readonly protocol: Protocol;
}

export function scopeOf(record: ServiceRecord, read: Read, options: ExtractOptions): Scope {
  const problems = new Problems(record, options);
  const annotations = new AnnotationReader(record, options, problems);
  return { record, options, read, problems, annotations, stack: stackOf(record) };
}

/** What the address book gave the Service. */
export function decisionOf({ record, read }: Scope): AddressDecision | undefined {
  return read(keys.addresses(`${record.namespace}/${record.name}`)) as AddressDecision | undefined;
}

/** What Ingresses want of the Service. */
export function usesOf({ record, read, options }: Scope): readonly BackendUse[] {
  if (options.ingress === undefined) return [];
  return (read(ingressKeys.uses(`${record.namespace}/${record.name}`)) ?? []) as readonly BackendUse[];
}

/** The addresses on which a port gets a virtual server: all of the Service's but those where it was refused. */
export function addressesOfPort(
  decision: AddressDecision | undefined,
  { port, protocol }: Listening,
): readonly Address[] {
  if (decision === undefined) return [];
  const { addresses, refused } = decision;
  return addresses.filter(
    (address) =>
      !refused.some(
        (other) => other.port === port.port && other.protocol === protocol && sameAddress(other.address, address),
      ),
  );
}

/** What a cell contributes in the end: nothing but its problems if it is frozen. */
export function contribution(cell: CellKey, scope: Scope, objects: readonly BigipObject[]): Contribution {
  const { record, options, problems } = scope;
  return {
    cell,
    origin: originKey(options.source, 'Service', `${record.namespace}/${record.name}`),
    since: sinceOf(record),
    objects: problems.frozen ? [] : objects.map((object) => canonical(object)),
    ...(problems.frozen ? { frozen: true } : {}),
    diagnostics: problems.list,
  };
}

/** The same for a cell that gives some of its objects together with others: of these, what is asked for as it is by default counts, too. */
export function jointContribution(
  cell: CellKey,
  scope: Scope,
  given: Required<Pick<Contribution, 'objects' | 'joins' | 'yields'>>,
): Contribution {
  const plain = contribution(cell, scope, []);
  return plain.frozen === true ? plain : { ...plain, ...given };
}
