import { tmshName, type Field, type PrintContext } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { hasField } from '../kinds/registry.ts';
import { defaultRouteDomain } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
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

/** Fields of a kind in the order of print, per release: alphabetical by tmsh name, then the complex ones. */
const orders = new WeakMap<Kind, Map<string, readonly Output[]>>();

interface Output {
  readonly field: Field;
  /** The name to print: of a flag group there is one output per flag. */
  readonly name: string;
  readonly flag: boolean;
}

function outputsOf(field: Field): readonly Output[] {
  return field.flags === undefined
    ? [{ field, name: field.name, flag: false }]
    : field.flags.map((name) => ({ field, name, flag: true }));
}

function orderOf(kind: Kind, version: Version): readonly Output[] {
  const known = orders.get(kind) ?? new Map<string, readonly Output[]>();
  orders.set(kind, known);
  let order = known.get(version.full);
  if (order === undefined) {
    const outputs = kind.fields.filter((field) => hasField(field, version)).flatMap(outputsOf);
    const plain = outputs.filter((output) => output.field.tail !== true);
    plain.sort((a, b) => (tmshName(a.name) < tmshName(b.name) ? -1 : 1));
    order = [...plain, ...outputs.filter((output) => output.field.tail === true)];
    known.set(version.full, order);
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
  rendered[output.name] = output.field.print === undefined ? value : output.field.print(value, print, object, device);
  const twin = twinOf(output, value, device);
  if (twin !== undefined) {
    rendered[`${output.name}Reference`] = twin;
  }
}

function renderSubs(object: ConfigObject, options: RenderOptions, rendered: Rendered): void {
  const { device } = options;
  for (const sub of object.kind.subs) {
    const last = sub.path.slice(sub.path.lastIndexOf('/') + 1);
    const link = versioned(`${objectUri(object, device)}/${last}`, device);
    const reference: Rendered = { link, isSubcollection: true };
    if (options.expand === true) {
      const items = [...device.store.collection(sub, object.fullPath).list()].map((item) =>
        renderObject(item, { ...options, echo: '' }),
      );
      if (items.length > 0) {
        reference['items'] = items;
      }
    }
    rendered[`${last.replaceAll(/-(\w)/gv, (_all, letter: string) => letter.toUpperCase())}Reference`] = reference;
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
  rendered['selfLink'] = versioned(objectUri(object, device), device, options.echo ?? '');
  const routeDomain = defaultRouteDomain(device, options.workingPartition ?? object.partition);
  const print: PrintContext = { version: device.version, routeDomain };
  const order = orderOf(kind, device.version);
  for (const output of order) {
    if (output.field.tail !== true) {
      printOutput(output, object, { rendered, device, print });
    }
  }
  const complex = order.filter((output) => output.field.tail === true);
  for (const output of complex) {
    if (output.name !== 'metadata') {
      printOutput(output, object, { rendered, device, print });
    }
  }
  renderSubs(object, options, rendered);
  for (const output of complex) {
    if (output.name === 'metadata') {
      printOutput(output, object, { rendered, device, print });
    }
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
  const owner = device.store.get(parent, scope);
  return owner === undefined ? `${linkHost}${kind.path}` : `${objectUri(owner, device)}/${last}`;
}
