import type { IngressClassRecord, IngressRecord } from '../model-ingress.ts';
import type { IngressOptions } from './ingress-options.ts';

/** The annotation of old; where it is set it counts before `spec.ingressClassName` (Ingress API). */
export const LEGACY_CLASS = 'kubernetes.io/ingress.class';

/** The class that an Ingress names; undefined: none. */
export function classNameOf({ annotations, className }: IngressRecord): string | undefined {
  return annotations[LEGACY_CLASS] || className;
}

/** Whether an Ingress is ours, by its class. */
export function isOurs(
  record: IngressRecord,
  options: IngressOptions,
  classes: ReadonlyMap<string, IngressClassRecord>,
): boolean {
  const name = classNameOf(record);
  if (name === undefined) return options.claimUnclassed || hasDefault(options, classes);
  if (options.className !== undefined) return name === options.className;
  return classes.get(name)?.controller === options.controller;
}

/** Whether Ingresses without a class belong to a class of ours. With two default classes they belong to the first. */
function hasDefault(
  { controller, className }: IngressOptions,
  classes: ReadonlyMap<string, IngressClassRecord>,
): boolean {
  if (className !== undefined) return false;
  const defaults = [...classes.values()].filter(({ isDefault }) => isDefault === true);
  const [first] = defaults.sort((a, b) => (a.name < b.name ? -1 : 1));
  return first?.controller === controller;
}
