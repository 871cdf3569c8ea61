import { tmshName, type Field, type PrintContext } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { hasField } from '../kinds/registry.ts';
import { defaultRouteDomain } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { parentPlace, scopeBelow } from '../store/scope.ts';
import type { Version } from '../version/version.ts';
import { effectiveValue } from './effective.ts';
import { linkHost, objectUri, versioned } from './links.ts';

/** How an object is to be shown. */
export interface RenderOptions {
  readonly device: Device;
  /** The partition that the client looks from; its default route domain is not printed. Default: the object's own. */
  readonly workingPartition?: string;
  /** The query to echo in the `selfLink`. */
  readonly echo?: string;
  /** Show sub-collections inline. */
  readonly expand?: boolean;
}

type Rendered = Record<string, unknown>;

interface Output {
  readonly field: Field;
  /** The name to print: of a flag group there is one output per flag. */
  readonly name: string;
  readonly flag: boolean;
}

/** What a kind prints, in order: alphabetical by tmsh name, then the complex ones, sub-collections, metadata. */
interface Order {
  readonly plain: readonly Output[];
  readonly complex: readonly Output[];
  readonly subs: readonly { readonly kind: Kind; readonly segment: string; readonly property: string }[];
  readonly last: readonly Output[];
}

const orders = new WeakMap<Kind, Map<number, Order>>();

function outputsOf(field: Field): readonly Output[] {
  return field.flags === undefined
    ? [{ field, name: field.name, flag: false }]
    : field.flags.map((name) => ({ field, name, flag: true }));
}

function camelCase(segment: string): string {
  return segment.replaceAll(/-(\w)/gv, (_all, letter: string) => letter.toUpperCase());
}

function makeOrder(kind: Kind, version: Version): Order {
  const outputs = kind.fields.filter((field) => hasField(field, version)).flatMap(outputsOf);
  const plain = outputs.filter((output) => output.field.tail !== true);
  plain.sort((a, b) => (tmshName(a.name) < tmshName(b.name) ? -1 : 1));
  const tail = outputs.filter((output) => output.field.tail === true);
  const subs = kind.subs.map((sub) => {
    const segment = sub.path.slice(sub.path.lastIndexOf('/') + 1);
    return { kind: sub, segment, property: `${camelCase(segment)}Reference` };
  });
  const last = tail.filter((output) => output.name === 'metadata');
  return { plain, complex: tail.filter((output) => output.name !== 'metadata'), subs, last };
}

function orderOf(kind: Kind, version: Version): Order {
  const known = orders.get(kind) ?? new Map<number, Order>();
  orders.set(kind, known);
  let order = known.get(version.rank);
  if (order === undefined) {
    order = makeOrder(kind, version);
    known.set(version.rank, order);
  }
  return order;
}

function linkTo(targetClass: string, path: string, device: Device): { link: string } | undefined {
  const target = device.store.lookup(targetClass, path);
  return target === undefined ? undefined : { link: versioned(objectUri(target, device), device) };
}

function twinOf(output: Output, value: unknown, device: Device): unknown {
  const { reference } = output.field;
  if (reference === undefined || reference.noTwin === true) {
    return undefined;
  }
  if (typeof value === 'string') {
    return linkTo(reference.target, value, device);
  }
  if (Array.isArray(value)) {
    const links = value.map((path: unknown) => linkTo(reference.target, String(path), device));
    return links.includes(undefined) ? undefined : links;
  }
  return undefined;
}

function printOutput(
  output: Output,
  object: ConfigObject,
  into: { rendered: Rendered; device: Device; print: PrintContext },
): void {
  const { rendered, device, print } = into;
  const value = effectiveValue(object, output.field, device.store);
  if (value === undefined) {
    return;
  }
  if (output.flag) {
    if (value === output.name) {
      rendered[output.name] = true;
    }
    return;
  }
  rendered[output.name] = output.field.print === undefined ? value : output.field.print(value, print, object);
  const twin = twinOf(output, value, device);
  if (twin !== undefined) {
    rendered[`${output.name}Reference`] = twin;
  }
}

function renderSubs(
  object: ConfigObject,
  uri: string,
  into: { options: RenderOptions; order: Order; rendered: Rendered },
): void {
  const { options, order, rendered } = into;
  const { device } = options;
  for (const { kind, segment, property } of order.subs) {
    const reference: Rendered = { link: versioned(`${uri}/${segment}`, device), isSubcollection: true };
    const collection = device.store.collection(kind, scopeBelow(object));
    if (options.expand === true && collection.size > 0) {
      reference['items'] = Array.from(collection.list(), (item) => renderObject(item, { ...options, echo: '' }));
    }
    rendered[property] = reference;
  }
}

/** The JSON of an object as the device prints it (fact sheet 3.2). */
export function renderObject(object: ConfigObject, options: RenderOptions): Rendered {
  const { device } = options;
  const { kind } = object;
  const rendered: Rendered = { kind: `${kind.label}state` };
  if (kind.naming !== 'singleton') {
    rendered['name'] = object.name;
    if (object.partition !== undefined) {
      rendered['partition'] = object.partition;
    }
    if (object.subPath !== undefined) {
      rendered['subPath'] = object.subPath;
    }
    rendered['fullPath'] = object.fullPath;
    rendered['generation'] = object.generation;
  }
  const uri = objectUri(object, device);
  rendered['selfLink'] = versioned(uri, device, options.echo ?? '');
  const routeDomain = defaultRouteDomain(device, options.workingPartition ?? object.partition);
  const print: PrintContext = { version: device.version, device, routeDomain };
  const order = orderOf(kind, device.version);
  for (const output of order.plain) {
    printOutput(output, object, { rendered, device, print });
  }
  for (const output of order.complex) {
    printOutput(output, object, { rendered, device, print });
  }
  renderSubs(object, uri, { options, order, rendered });
  for (const output of order.last) {
    printOutput(output, object, { rendered, device, print });
  }
  return kind.hooks.decorate?.(rendered, object, options) ?? rendered;
}

/** The `selfLink` of a collection. */
export function collectionUri(kind: Kind, scope: string, device: Device): string {
  const parent = device.kinds.parents.get(kind.path);
  if (parent === undefined || scope === '') {
    return `${linkHost}${kind.path}`;
  }
  const last = kind.path.slice(kind.path.lastIndexOf('/') + 1);
  const place = parentPlace(scope);
  const owner = device.store.get(parent, place.fullPath, place.scope);
  return owner === undefined ? `${linkHost}${kind.path}` : `${objectUri(owner, device)}/${last}`;
}
