import type { Field } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { hasField } from '../kinds/registry.ts';
import { withServiceName } from '../names/service.ts';
import { defaultRouteDomain, identityPart, Session } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import { sameJson } from '../session/equal.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { effectiveValue } from '../view/effective.ts';
import { lastSegment, spelled } from './names.ts';
import { bracesMatch, quote } from './tokens.ts';

/** How to print objects. */
export interface Printing {
  readonly device: Device;
  /**
   * `stored`: all that is kept, so that reading it gives the same; `set`: what differs from the default, as `list` shows
   * it; `all`: every property.
   */
  readonly show: 'stored' | 'set' | 'all';
  /** Names in this folder are printed without it. */
  readonly folder?: string;
  /** Only these properties, by tmsh name. */
  readonly only?: ReadonlySet<string>;
}

const indent = '    ';

/** Lines of `name value`, or of `name { ... }`. */
type Entry = readonly [name: string, lines: readonly string[]];

function block(head: string, inner: readonly string[]): readonly string[] {
  return inner.length === 0 ? [`${head} { }`] : [`${head} {`, ...inner.map((line) => indented(line)), '}'];
}

/** Lines of quoted texts and of code stay where they are. */
function indented(line: string): string {
  return line.startsWith('\0') ? line : `${indent}${line}`;
}

/** Code between braces, line for line; between quotation marks when its own braces do not match. */
function codeLines(name: string, code: string): readonly string[] {
  return textLines(name, bracesMatch(code) ? `{${code}}` : quote(code));
}

/** A full path as it is seen from a folder: without it. */
export function relative(path: string, folder: string | undefined): string {
  const prefix = folder === '/' ? '/' : `${folder ?? ''}/`;
  return folder !== undefined && path.length > prefix.length && path.startsWith(prefix)
    ? path.slice(prefix.length)
    : path;
}

/** Members and destinations are listed with the names of services, files hold numbers. */
function named(endpoint: string, printing: Printing): string {
  return printing.show === 'stored' ? endpoint : withServiceName(endpoint);
}

/** A text with line ends keeps them: what follows the first line is not indented. */
function textLines(name: string, text: string): readonly string[] {
  const [first = '', ...rest] = `${name} ${text}`.split('\n');
  return [first, ...rest.map((line) => `\0${line}`)];
}

function itemEntry(item: Readonly<Record<string, unknown>>, folder: string | undefined): readonly string[] {
  const { name, fullPath, ...more } = item;
  if (name === undefined && fullPath === undefined) {
    return ['{', ...nestedLines(more, folder).map((line) => indented(line)), '}'];
  }
  const shown = relative(typeof fullPath === 'string' ? fullPath : String(name), folder);
  return block(quote(shown), nestedLines(more, folder));
}

function nestedLines(value: Readonly<Record<string, unknown>>, folder: string | undefined): readonly string[] {
  return Object.entries(value)
    .filter(([key, each]) => each !== undefined && !key.endsWith('Reference'))
    .map(([key, each]): Entry => [spelled(key), valueLines(spelled(key), each, folder)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, lines]) => lines);
}

function listLines(name: string, list: readonly unknown[], folder: string | undefined): readonly string[] {
  if (list.length === 0) {
    return [`${name} none`];
  }
  const lines = list.flatMap((item) =>
    typeof item === 'object' && item !== null
      ? itemEntry(item as Record<string, unknown>, folder)
      : textLines('', quote(relative(String(item), folder))).map((line) => line.trimStart()),
  );
  return block(name, lines);
}

/** `name value` for any stored or printed value. */
function valueLines(name: string, value: unknown, folder: string | undefined): readonly string[] {
  if (Array.isArray(value)) {
    return listLines(name, value, folder);
  }
  if (typeof value === 'object' && value !== null) {
    return block(name, nestedLines(value as Record<string, unknown>, folder));
  }
  return textLines(name, quote(relative(String(value), folder)));
}

/** A value in a form that reads back to what is stored: as it is shown when that does, else as it is stored. */
function writtenValue(field: Field, object: ConfigObject, device: Device): unknown {
  const value = object.values[field.name];
  if (field.written !== undefined) {
    return field.written(value);
  }
  if (field.print === undefined || typeof value !== 'string') {
    return value;
  }
  const context = new Session(device, false).parseContext(identityPart(object));
  const { routeDomain } = context;
  const shown = field.print(value, { version: device.version, device, routeDomain }, object);
  try {
    return typeof shown === 'string' && sameJson(field.parse?.(shown, context), value) ? shown : value;
  } catch {
    return value;
  }
}

function shownValue(field: Field, object: ConfigObject, printing: Printing): unknown {
  const { device, show } = printing;
  if (show === 'stored') {
    return object.values[field.name] === undefined ? undefined : writtenValue(field, object, device);
  }
  const { version } = device;
  const routeDomain = defaultRouteDomain(device, object.partition);
  const value = effectiveValue(object, field, device.store);
  const printed =
    value === undefined ? undefined : (field.print?.(value, { version, device, routeDomain }, object) ?? value);
  if (show === 'set' && object.values[field.name] === undefined) {
    return isComputed(field, printed) ? printed : undefined;
  }
  return printed ?? (show === 'all' && field.shape !== 'word' && field.flags === undefined ? 'none' : undefined);
}

/** Whether something else than the default is shown although nothing was set: the state of a member that is monitored. */
function isComputed(field: Field, printed: unknown): boolean {
  const settable = field.parse !== undefined && field.print !== undefined && typeof field.default === 'string';
  return settable && typeof printed === 'string' && printed !== field.default && printed !== 'unchecked';
}

function fieldLines(field: Field, object: ConfigObject, printing: Printing): readonly string[] {
  const { show, folder } = printing;
  const name = spelled(field.name);
  if (show === 'stored' && field.parse === undefined && typeof object.values[field.name] === 'string') {
    const text = String(object.values[field.name]);
    return textLines(name, /^\d+$/v.test(text) ? `"${text}"` : quote(text));
  }
  const value = shownValue(field, object, printing);
  if (value === undefined) {
    return [];
  }
  if (field.flags !== undefined && typeof value === 'string') {
    return [spelled(value)];
  }
  if (field.shape === 'word') {
    return value === true ? [name] : [];
  }
  return typeof value === 'string'
    ? lineOfText(field, name, { value, printing })
    : valueLines(name, value, folderFor(field, folder));
}

/** A folder to leave out of names, for fields that hold names. */
function folderFor(field: Field, folder: string | undefined): string | undefined {
  return field.reference === undefined ? undefined : folder;
}

/** A text in the way of its field. */
function lineOfText(
  field: Field,
  name: string,
  { value, printing }: { readonly value: string; readonly printing: Printing },
): readonly string[] {
  const { folder } = printing;
  if (field.shape === 'code' && value !== 'none') {
    return codeLines(name, value);
  }
  if (field.name === 'monitor' && field.reference !== undefined) {
    return [`monitor ${monitorText(value.trim(), folder)}`];
  }
  if (field.name === 'destination') {
    return valueLines(name, named(value, printing), folder);
  }
  return valueLines(name, value, folderFor(field, folder));
}

function monitorText(rule: string, folder: string | undefined): string {
  const words = rule.split(/\s+/v).map((word) => (word.startsWith('/') ? quote(relative(word, folder)) : word));
  return words.join(' ');
}

function itemName(sub: Kind, item: ConfigObject, printing: Printing): string {
  const shown = relative(item.fullPath, printing.folder);
  return sub.path === 'ltm/pool/members' ? named(shown, printing) : shown;
}

function itemsLines(sub: Kind, object: ConfigObject, printing: Printing): readonly string[] {
  const items = [...printing.device.store.collection(sub, scopeBelow(object)).list()];
  if (items.length === 0) {
    return printing.show === 'all' ? [`${lastSegment(sub)} none`] : [];
  }
  const lines = items.flatMap((item) =>
    block(quote(itemName(sub, item, printing)), propertyLines(item, { ...printing, only: undefined })),
  );
  return block(lastSegment(sub), lines);
}

/** The lines of an object's properties, in the order of their names. */
export function propertyLines(
  object: ConfigObject,
  printing: Omit<Printing, 'only'> & { readonly only?: ReadonlySet<string> | undefined },
): readonly string[] {
  const { device, only, ...rest } = printing;
  const wanted = (name: string): boolean => only === undefined || only.has(name);
  const inner: Printing = { device, ...rest };
  const fields = object.kind.fields.filter((field) => hasField(field, device.version) && field.name !== 'apiAnonymous');
  const entries: Entry[] = [
    ...fields
      .filter((field) => (field.flags ?? [field.name]).some((name) => wanted(spelled(name))))
      .map((field): Entry => [spelled(field.name), fieldLines(field, object, inner)]),
    ...object.kind.subs
      .filter((sub) => sub.derived !== true && wanted(lastSegment(sub)))
      .map((sub): Entry => [lastSegment(sub), itemsLines(sub, object, inner)]),
  ];
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, lines]) => lines);
}

/** The head of an object: `ltm pool /Common/p`. */
export function headOf(object: ConfigObject, folder?: string): string {
  const words = object.kind.path.replaceAll('/', ' ');
  if (object.kind.naming === 'singleton') {
    return words;
  }
  const name = relative(object.fullPath, folder);
  return `${words} ${object.kind.path === 'gtm/topology' ? name : quote(name)}`;
}

/** An object as the configuration language writes it, without a line end. */
export function printObject(object: ConfigObject, printing: Printing): string {
  const head = headOf(object, printing.folder);
  const code = object.values['apiAnonymous'];
  const lines = propertyLines(object, printing);
  const shown =
    typeof code === 'string' && (printing.only === undefined || printing.only.has('api-anonymous'))
      ? [`${head} {`, ...lines.map((line) => indented(line)), ...code.split('\n').map((line) => `\0${line}`), '}']
      : block(head, lines);
  return shown.map((line) => (line.startsWith('\0') ? line.slice(1) : line)).join('\n');
}
