import type { FullPath } from '../../../ir/ref.ts';
import type { ServicePort, ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import type { Scope } from './scope.ts';
import { objectionToPool, poolAt } from '../../values/pool-places.ts';
import { annotationField, annotationKey } from './annotation-reader.ts';

/** Whose port it is. */
export type PortOwner = Pick<Scope, 'record' | 'options'>;

/** The pool that a port's members go to by name; undefined: its own, or the name is none. */
export function namedPool({ record, options }: PortOwner, port: ServicePort): FullPath | undefined {
  const key = annotationKey(record, { name: 'pool', port, options });
  return key === undefined ? undefined : poolAt((record.annotations[key] ?? '').trim(), options);
}

/** Whether a port names a pool, well or badly. */
export function namesPool({ record, options }: PortOwner, port: ServicePort): boolean {
  return annotationKey(record, { name: 'pool', port, options }) !== undefined;
}

/** The ports of a Service whose members go to pools by name. */
export function portsOfNamedPools(record: ServiceRecord, options: ExtractOptions): readonly ServicePort[] {
  return record.ports.filter((port) => namesPool({ record, options }, port));
}

/** Whether a Service names a pool for any of its ports, or for one that it does not have. */
export function asksForPool({ annotations }: ServiceRecord, { annotationPrefix }: ExtractOptions): boolean {
  const plain = `${annotationPrefix}pool`;
  return Object.keys(annotations).some((key) => key === plain || key.startsWith(`${plain}.`));
}

/** The same as {@link namedPool}; a name that is none leaves what asks as it is, and is told. */
export function readNamedPool(scope: Scope, port: ServicePort): FullPath | undefined {
  const { record, options, problems } = scope;
  const key = annotationKey(record, { name: 'pool', port, options });
  if (key === undefined) return undefined;
  const objection = objectionToPool((record.annotations[key] ?? '').trim(), options);
  if (objection !== undefined) {
    problems.freeze({
      code: 'annotation-invalid',
      text: `annotation ${key} is ${JSON.stringify(record.annotations[key])}, expected ${objection}`,
      field: annotationField(key),
    });
  }
  return namedPool(scope, port);
}
