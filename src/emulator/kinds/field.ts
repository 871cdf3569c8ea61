import type { DeviceError } from '../errors/device-error.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Version } from '../version/version.ts';

/** What a field sees while it reads a value from a body. */
export interface ParseContext {
  readonly version: Version;
  /** The folder of the object, `/P` or `/P/f`: unqualified names mean objects in it. */
  readonly folder: string;
  /** Default route domain of the object's partition. */
  readonly routeDomain: number;
  /** The stored value of a field before a PATCH: what a part of it is merged into. Undefined at creation and for PUT. */
  readonly current: (field: string) => unknown;
  /** Makes a name absolute: in the object's folder, else in `/Common` when only that one exists. */
  readonly resolve: (targetClass: string, name: string) => string;
}

/** What a field sees while it writes a value. */
export interface PrintContext {
  readonly version: Version;
  readonly device: Device;
  /** Default route domain of the folder that the client looks from; its `%rd` is not printed. */
  readonly routeDomain: number;
}

/** A foreign key. */
export interface Reference {
  /** Class of the target: a collection path, or a name space over several (`profile`, `monitor`). */
  readonly target: string;
  /** The error when the target is not there; the default is `01020036 ... was not found`. */
  readonly missing?: (owner: string, target: string) => DeviceError;
  /** Reads the targets' full paths out of the stored value; the default takes a string or an array of strings. */
  readonly paths?: (value: unknown) => readonly string[];
  /** No `xxxReference` twin in the output. */
  readonly noTwin?: boolean;
}

/** One property of a kind. Values are stored in the form in which they are printed, unless `print` says otherwise. */
export interface Field {
  readonly name: string;
  /** Further JSON names that set the same field: the other half of a flag pair. */
  readonly flags?: readonly string[];
  readonly default?: unknown;
  /**
   * Reads a value given by a client; `undefined` means unset. Throws a `DeviceError`.
   * Absent: the field is read-only, and what clients send for it is ignored.
   */
  readonly parse?: (value: unknown, context: ParseContext) => unknown;
  readonly print?: (value: unknown, context: PrintContext, object: ConfigObject) => unknown;
  /** Can be given at creation only. */
  readonly createOnly?: boolean;
  /** Printed after the alphabetical ones. */
  readonly tail?: boolean;
  readonly reference?: Reference;
  /** First release that has it, `13.1`. */
  readonly since?: string;
  /** First release that no longer prints it. */
  readonly until?: string;
  /**
   * How the configuration language writes it, where the default does not tell: `word` alone and without a value, a `list`
   * of texts or items, an `object` of properties, `phrases` for items whose names are several words, `code` for text of
   * another language between braces.
   */
  readonly shape?: 'word' | 'list' | 'object' | 'phrases' | 'code';
  /** A stored value in a form that `parse` reads back to the same, where it is in neither form. */
  readonly written?: (value: unknown) => unknown;
}

/** Options that every field constructor takes. */
export type FieldOptions = Omit<Field, 'name' | 'parse' | 'print' | 'flags'>;

/** The tmsh name of a JSON name: `loadBalancingMode` is `load-balancing-mode`, `tmOptions` is `options`. */
export function tmshName(name: string): string {
  const plain = /^tm[A-Z]/v.test(name) ? `${name.charAt(2).toLowerCase()}${name.slice(3)}` : name;
  return plain
    .replaceAll(/_(\d)/gv, '-$1')
    .replaceAll(/[A-Z]/gv, (letter) => `-${letter.toLowerCase()}`)
    .replaceAll('_', '-');
}
