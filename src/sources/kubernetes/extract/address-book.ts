import type { KnownAddresses } from '../../source.ts';
import type { ObjectKey, ServiceRecord } from '../model.ts';
import type { AddressDecision } from './address-decision.ts';
import type { ExtractOptions } from './options.ts';

/** Who has which address. Signatures first; the body follows. */
export class AddressBook {
  constructor(_options: ExtractOptions) {
    throw new Error('not built yet');
  }

  /** What the device has, before the first update: reserved for these origins until {@link release}. */
  remember(_known: KnownAddresses): void {
    throw new Error('not built yet');
  }

  /** One Service changed, or is gone (undefined). The Services whose decision changed, sorted. */
  update(service: ObjectKey, record: ServiceRecord | undefined): readonly ObjectKey[] {
    return this.updateAll([[service, record]]);
  }

  /** Several at once: use this for a list (first read, relist), so that age decides and not the order of arrival. */
  updateAll(_changes: Iterable<readonly [ObjectKey, ServiceRecord | undefined]>): readonly ObjectKey[] {
    throw new Error('not built yet');
  }

  /** Everything was read and is complete: what `remember` reserved for Services that are not there is free now. */
  release(): readonly ObjectKey[] {
    throw new Error('not built yet');
  }

  /** Undefined: the Service asks for no address. */
  decision(_service: ObjectKey): AddressDecision | undefined {
    throw new Error('not built yet');
  }
}
