import type { AnnotationName } from './annotations.ts';
import type { Annotated } from './annotation-reader.ts';
import type { Named } from './names.ts';
import type { ExtractOptions } from './options.ts';
import { EXTERNAL_DNS } from './dns/external-dns.ts';

/**
 * The annotations of the program that this one grew from (f5-icontrol-codeshare-python, `kubernetes-example`), for those
 * who move over: `annotations: codeshare`. Our own names stand before them where both are there.
 */
const ALIASES: Readonly<Partial<Record<AnnotationName, string>>> = {
  address: 'f5.destination',
  'http-profile': 'f5.vs__ProfileHTTP',
  policies: 'f5.vs__AdvPolicies',
};

/** Variables of its iApp: `f5.vs__<Name>`. */
const VARIABLES = 'f5.vs__';

/** What annotations that extraction reads begin with; no others need to be kept. */
export function annotationPrefixes({ annotationPrefix, annotations, dns }: ExtractOptions): readonly string[] {
  const example = annotations === 'codeshare' ? ['f5.', CLASS] : [];
  const external = dns?.externalDns === true ? [EXTERNAL_DNS] : [];
  return [annotationPrefix, ...example, ...external];
}

const CLASS = 'kubernetes.io/ingress.class';
/** What its annotations call it. */
export const OUR_CLASS = 'f5.bigip';

/** The other name of an annotation; undefined: it has none, or other names are not read. */
export function aliasOf(name: AnnotationName, { annotations }: ExtractOptions): string | undefined {
  return annotations === 'codeshare' ? ALIASES[name] : undefined;
}

/**
 * Whether an Ingress is served in the example's way: without an address of its own it gives a policy alone, which a Service
 * attaches to its virtual server (`f5.vs__AdvPolicies`).
 */
export function isPolicyAlone({ annotations }: Annotated, options: ExtractOptions): boolean {
  if (options.annotations !== 'codeshare') return false;
  const own = ['address', 'address-pool'].map((name) => `${options.annotationPrefix}${name}`);
  return [...own, ALIASES.address].every((name) => name === undefined || annotations[name] === undefined);
}

/** The Ingresses whose policies a Service attaches, by the last part of their paths; of its own namespace. */
export function attachedIngresses(
  { annotations, namespace }: Named & Annotated,
  options: ExtractOptions,
): readonly string[] {
  const text = options.annotations === 'codeshare' ? annotations[ALIASES.policies ?? ''] : undefined;
  return (text ?? '')
    .split(',')
    .map((path) => path.trim().split('/').at(-1) ?? '')
    .filter((name) => name !== '')
    .map((name) => `${namespace}/${name}`);
}

/** Whether a Service says in the example's way that another one serves it; without a class it is served. */
export function isOfAnotherClass(given: Readonly<Record<string, string>>, { annotations }: ExtractOptions): boolean {
  const name = annotations === 'codeshare' ? given[CLASS] : undefined;
  return name !== undefined && name !== OUR_CLASS;
}

/** Why an annotation of the example has no effect; undefined if it has one, or is none of them. */
export function ignoredReason(key: string, { annotations }: ExtractOptions): string | undefined {
  if (annotations !== 'codeshare' || !key.startsWith('f5.') || Object.values(ALIASES).includes(key)) return undefined;
  return key.startsWith(VARIABLES)
    ? 'is a variable of an iApp, which only that can use; it has no effect here'
    : 'is unknown, expected f5.destination, f5.vs__ProfileHTTP or f5.vs__AdvPolicies';
}
