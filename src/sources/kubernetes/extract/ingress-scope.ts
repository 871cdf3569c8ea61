import type { Address } from '../../../ir/address.ts';
import type { Read } from '../../cells.ts';
import type { IngressRecord } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { AddressDecision } from './address-decision.ts';
import type { IngressOptions } from './ingress-options.ts';
import type { ExtractOptions } from './options.ts';
import { ingressKeys } from '../model-ingress.ts';
import { keys } from '../model.ts';
import { sameAddress } from './address-wish.ts';
import { AnnotationReader } from './annotation-reader.ts';
import { frontPorts } from './ingress-wish.ts';
import { frontName } from './names.ts';
import { Problems } from './problems.ts';

/** All that the extraction of one Ingress works with. */
export interface IngressScope {
  readonly record: IngressRecord;
  readonly options: ExtractOptions;
  readonly ingress: IngressOptions;
  readonly read: Read;
  readonly problems: Problems;
  readonly annotations: AnnotationReader;
  readonly decision: AddressDecision | undefined;
}

/** One address and port that an Ingress is served on, with the others that share it. */
export interface Front {
  readonly address: Address;
  readonly port: number;
  /** What its objects are named by. */
  readonly name: string;
  readonly isSecure: boolean;
}

/** Undefined: there is no such Ingress of ours. */
export function ingressScope(key: ObjectKey, read: Read, options: ExtractOptions): IngressScope | undefined {
  const record = read(ingressKeys.ingress(key)) as IngressRecord | undefined;
  const { ingress } = options;
  if (record === undefined || ingress === undefined) return undefined;
  const problems = new Problems(record, options);
  const annotations = new AnnotationReader(record, options, problems);
  const decision = read(keys.addresses(`Ingress/${key}`)) as AddressDecision | undefined;
  return { record, options, ingress, read, problems, annotations, decision };
}

/** The fronts that an Ingress has: its ports on all of its addresses but where an older one that does not share has them. */
export function frontsOf({ record, options, decision }: IngressScope): readonly Front[] {
  const { http, https } = frontPorts(record, options);
  return (decision?.addresses ?? []).flatMap((address) =>
    [http, https].flatMap((port) => {
      if (port === undefined) return [];
      const isHere = (other: { readonly address: Address; readonly port: number }) =>
        other.port === port && sameAddress(other.address, address);
      if (decision?.refused.some(isHere) === true) return [];
      return { address, port, name: frontName({ address, port }), isSecure: port === https };
    }),
  );
}
