import type { ServicePort } from '../model.ts';
import type { AnnotationSpec } from './annotation-spec.ts';
import type { AnnotationName, AnnotationValue } from './annotations.ts';
import type { ExtractOptions } from './options.ts';
import type { Problems } from './problems.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { annotations } from './annotations.ts';
import { aliasOf, ignoredReason } from './codeshare.ts';
import { externalDnsName } from './dns/external-dns.ts';
import { portKey } from './names.ts';
import { nearest } from '../../../diagnostics/nearest.ts';

const SHOWN_MAX = 80;

/** What carries annotations that are read. */
export interface Annotated {
  readonly kind: 'Service' | 'Ingress';
  readonly annotations: Readonly<Record<string, string>>;
  /** Of a Service. */
  readonly ports?: readonly ServicePort[];
}

/** Reads the annotations of one Service or Ingress; an invalid one freezes the cell that asks for it. */
export class AnnotationReader {
  readonly #record: Annotated;
  readonly #options: ExtractOptions;
  readonly #prefix: string;
  readonly #problems: Problems;

  constructor(record: Annotated, options: ExtractOptions, problems: Problems) {
    this.#record = record;
    this.#options = options;
    this.#prefix = options.annotationPrefix;
    this.#problems = problems;
  }

  /** The value for a port (the port's own before the Service's); undefined if there is none or it is invalid. */
  get<N extends AnnotationName>(name: N, port?: ServicePort): AnnotationValue<N> | undefined {
    const key = this.#keyOf(name, port);
    if (key === undefined) return undefined;
    const text = this.#record.annotations[key] ?? '';
    const known = annotations[name] as unknown as AnnotationSpec<AnnotationValue<N>>;
    const value = known.parse(text);
    if (value === undefined) {
      this.#problems.freeze({
        code: 'annotation-invalid',
        text: `annotation ${key} is ${shown(text)}${partOf(known, text)}, expected ${known.form.replaceAll('`', '')}`,
        field: annotationField(key),
      });
    }
    return value;
  }

  /** The field of the annotation that holds for a port; undefined if there is none. */
  field(name: AnnotationName, port?: ServicePort): string | undefined {
    const key = this.#keyOf(name, port);
    return key === undefined ? undefined : annotationField(key);
  }

  #keyOf(name: AnnotationName, port: ServicePort | undefined): string | undefined {
    return annotationKey(this.#record, { name, port, options: this.#options });
  }

  /** Warns of annotations under our prefix that mean nothing, with the name that was probably meant. */
  reportUnknown(): void {
    for (const key of Object.keys(this.#record.annotations).sort(compareText)) {
      this.#reportIgnored(key);
      if (!key.startsWith(this.#prefix)) continue;
      const problem = unknownReason(key.slice(this.#prefix.length), this.#record);
      if (problem === undefined) continue;
      const hint = problem.meant === undefined ? '' : `; did you mean ${this.#prefix}${problem.meant}?`;
      this.#problems.add({
        code: 'annotation-unknown',
        severity: 'warning',
        text: `annotation ${key} ${problem.reason}${hint}`,
        field: annotationField(key),
      });
    }
  }

  #reportIgnored(key: string): void {
    const reason = ignoredReason(key, this.#options);
    if (reason === undefined) return;
    const text = `annotation ${key} ${reason}`;
    this.#problems.add({ code: 'annotation-ignored', severity: 'warning', text, field: annotationField(key) });
  }
}

/** The key of the annotation that holds for a port (its own before that of the whole); undefined: there is none. */
export function annotationKey(
  { annotations: given }: Pick<Annotated, 'annotations'>,
  {
    name,
    port,
    options,
  }: { readonly name: AnnotationName; readonly port: ServicePort | undefined; readonly options: ExtractOptions },
): string | undefined {
  const plain = `${options.annotationPrefix}${name}`;
  const keys = port === undefined ? [plain] : [`${plain}.${portKey(port)}`, `${plain}.${port.port}`, plain];
  const aliases = [aliasOf(name, options), externalDnsName(name, options)];
  return [...keys, ...aliases].find((key) => key !== undefined && given[key] !== undefined);
}

/** `metadata.annotations["fairlead.io/address"]`. */
export function annotationField(key: string): string {
  return `metadata.annotations["${key}"]`;
}

function partOf({ wrong }: AnnotationSpec<unknown>, text: string): string {
  const part = wrong?.(text);
  return part === undefined ? '' : `, of which ${part}`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);
}

interface Unknown {
  readonly reason: string;
  readonly meant?: string | undefined;
}

/** Whether an annotation is one of Services, or of Ingresses. */
export function isFor(
  kind: Annotated['kind'],
  { on, ingress }: Pick<AnnotationSpec<unknown>, 'on' | 'ingress'>,
): boolean {
  return kind === 'Ingress' ? on === 'Ingress' || ingress === true : on !== 'Ingress';
}

function unknownReason(rest: string, { kind, ports = [] }: Annotated): Unknown | undefined {
  const dot = rest.indexOf('.');
  const name = dot < 0 ? rest : rest.slice(0, dot);
  const suffix = dot < 0 ? undefined : rest.slice(dot + 1);
  const all: Readonly<Record<string, AnnotationSpec<unknown>>> = annotations;
  const known = Object.hasOwn(annotations, name) ? all[name] : undefined;
  if (known === undefined) {
    const meant = nearest(
      name,
      Object.entries(all).flatMap(([one, spec]) => (isFor(kind, spec) ? [one] : [])),
    );
    return { reason: 'is unknown', meant: meant === undefined || suffix === undefined ? meant : `${meant}.${suffix}` };
  }
  if (!isFor(kind, known)) return { reason: `has no effect on ${kind === 'Ingress' ? 'an Ingress' : 'a Service'}` };
  if (suffix === undefined) return undefined;
  if (kind === 'Ingress') return { reason: 'holds for the whole Ingress, not for one port', meant: name };
  if (known.on === 'Service') return { reason: 'holds for the whole Service, not for one port', meant: name };
  const keys = ports.flatMap((port) => [portKey(port), String(port.port)]);
  if (keys.includes(suffix)) return undefined;
  const meant = nearest(suffix, keys);
  return { reason: `names no port of the Service`, meant: meant === undefined ? undefined : `${name}.${meant}` };
}
