import type { SourceAddrPersistence } from '../../../ir/persistence.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Scope } from './scope.ts';
import { fitName } from '../../values/names.ts';
import { describe } from './names.ts';

const STOCK: FullPath = '/Common/source_addr';
/** The timeout of the stock profile (recorded from 13.1). */
const STOCK_SECONDS = 180;

/**
 * The persistence profile of `spec.sessionAffinity`: the stock one if it has the Service's timeout, else one of the
 * Service's own, `/<partition>/<namespace>_<name>__affinity`. Undefined: the Service asks for none.
 */
export function affinityPath({ record, options }: Pick<Scope, 'record' | 'options'>): FullPath | undefined {
  if (record.sessionAffinity !== 'ClientIP') return undefined;
  if ((record.affinitySeconds ?? STOCK_SECONDS) === STOCK_SECONDS) return STOCK;
  // No name of a port has an underscore.
  return `/${options.partition}/${fitName(`${record.namespace}_${record.name}__affinity`)}`;
}

/** The profile at that path; undefined: it is not the Service's own. */
export function affinityProfile(scope: Scope): SourceAddrPersistence | undefined {
  const { record, options } = scope;
  const path = affinityPath(scope);
  if (path === undefined || path === STOCK) return undefined;
  const timeout = record.affinitySeconds;
  return {
    kind: 'persistence-source-addr',
    path,
    description: describe(record, options),
    ...(timeout === undefined ? {} : { timeout }),
  };
}
