import type { Principal } from '../auth/users.ts';
import { DeviceError } from '../errors/device-error.ts';
import type { Kind } from '../kinds/kind.ts';
import { qualify } from '../names/full-path.ts';
import { mayWrite } from '../rest/operation.ts';
import { runUnit, type Session } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { rootOf } from '../store/scope.ts';
import type { JournalEntry } from '../store/store.ts';
import { identify } from '../verbs/identify.ts';
import { createWith, modifyWith } from './apply-change.ts';
import { dropItems, dropOwn } from './drop-own.ts';
import { findComponent, leadingWords, propertiesOf, unexpectedArgument } from './names.ts';
import { readCode, readProperties, type Change } from './read-properties.ts';
import { scan, type Statement, type Token } from './tokens.ts';

/** How to load. */
export interface LoadOptions {
  /** Add to what is there; without it what is there, but not stock, goes first. */
  readonly merge: boolean;
  /** What is there already is made as the file has it, without what only it had below it. */
  readonly anew?: boolean;
  /** Leave out objects and properties that the emulator does not know, and tell of each; else one is an error. */
  readonly onUnknown?: (note: LoadNote) => void;
  /** Who loads; default: whoever started the emulator, who may do everything. */
  readonly principal?: Principal;
  /** Check everything, change nothing. */
  readonly dryRun?: boolean;
}

/** Something that was left out. */
export interface LoadNote {
  readonly line: number;
  /** `ltm pool /Common/p`. */
  readonly object: string;
  /** The property, when it is one; else the object is not known at all. */
  readonly property?: string;
}

/** A configuration that was refused, all of it. */
export class LoadError extends Error {
  /** Undefined when the whole is wrong and no single statement is to blame. */
  readonly line: number | undefined;
  readonly object: string | undefined;
  /** The device's error. */
  readonly reason: DeviceError;

  constructor(reason: DeviceError, at?: { readonly line: number; readonly object: string }) {
    const where = at === undefined ? '' : `line ${at.line}: ${at.object}: `;
    super(`${where}${reason.message}`);
    this.name = 'LoadError';
    this.line = at?.line;
    this.object = at?.object;
    this.reason = reason;
  }
}

/** An object that a file describes. */
interface Described {
  readonly kind: Kind;
  readonly name: string;
  readonly tokens: readonly Token[];
  readonly line: number;
  readonly object: string;
}

function describe(
  statement: Statement,
  device: Device,
): Described | { readonly line: number; readonly object: string } {
  const words = leadingWords(statement.tokens);
  const object = words.join(' ');
  const found = findComponent(words, device.kinds);
  const { line } = statement;
  if (found === undefined) {
    return { line, object };
  }
  const { kind, used } = found;
  const single = kind.naming === 'singleton';
  const isPhrase = kind.path === 'gtm/topology';
  const named = single ? kind.path : isPhrase ? words.slice(used).join(' ') : (words[used] ?? '');
  const name = kind.naming === 'folder' ? qualify(named, kind.path === 'sys/folder' ? '' : '/Common') : named;
  const rest = statement.tokens.slice(isPhrase ? words.length : used + (single ? 0 : 1));
  return { kind, name, tokens: rest, line, object };
}

/** What an object is loaded after: partitions and folders come first, what comes along with others comes last. */
function orderOf(kind: Kind, device: Device): number {
  if (kind.path === 'auth/partition' || kind.path === 'sys/folder') {
    return kind.path === 'auth/partition' ? -2 : -1;
  }
  return device.kinds.all.indexOf(kind) + (kind.fixed === true ? device.kinds.all.length : 0);
}

function inOrder(described: readonly Described[], device: Device): readonly Described[] {
  const keyed = described.map((each, at) => ({ each, at, order: orderOf(each.kind, device) }));
  const depth = ({ kind, name }: Described): number => (kind.path === 'sys/folder' ? name.split('/').length : 0);
  keyed.sort((a, b) => a.order - b.order || depth(a.each) - depth(b.each) || a.at - b.at);
  return keyed.map(({ each }) => each);
}

class Loader {
  readonly #device: Device;
  readonly #options: LoadOptions;
  #at: Described | undefined;
  #session: Session | undefined;

  constructor(device: Device, options: LoadOptions) {
    this.#device = device;
    this.#options = options;
  }

  /** What is being loaded; undefined once all is. */
  get at(): Described | undefined {
    return this.#at;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  load(described: readonly Described[], session: Session): void {
    session.loading = true;
    this.#session = session;
    if (!this.#options.merge) {
      dropOwn(session);
    }
    for (const each of inOrder(described, this.#device)) {
      this.#at = each;
      this.#place(each, session);
    }
    this.#at = undefined;
  }

  #changeOf({ kind, tokens, object }: Described): Change {
    const { onUnknown } = this.#options;
    const reading = {
      version: this.#device.version,
      file: true,
      ...(onUnknown === undefined
        ? {}
        : { onUnknown: (property: string, token: Token) => onUnknown({ line: token.line, object, property }) }),
    };
    const [first] = tokens;
    const isCode = propertiesOf(kind, this.#device.version).has('api-anonymous') && first?.type === 'group';
    return isCode ? readCode(kind, first, reading) : readProperties(kind, tokens, reading);
  }

  #place(described: Described, session: Session): void {
    const { kind, name } = described;
    const change = this.#changeOf(described);
    const fullPath =
      kind.naming === 'singleton' ? name : identify(kind, { name, ...change.body }, { session, scope: '' }).fullPath;
    const before = session.store.get(kind, fullPath);
    if (before !== undefined && this.#options.anew === true) {
      dropItems(before, session);
    }
    const object =
      before === undefined ? createWith(kind, name, { change, session }) : modifyWith(before, change, session);
    if (this.#options.principal !== undefined) {
      mayWrite(this.#options.principal, object, session);
    }
    keep(object, change.kept, session);
  }
}

/** Puts back what only the device sets. */
function keep(object: ConfigObject, kept: Change['kept'], session: Session): void {
  if (Object.keys(kept).length > 0) {
    session.change(object, kept);
    session.store.serial = Math.max(session.store.serial, Number(kept['vsIndex'] ?? 0));
  }
}

/** The statement about what the final checks refused. */
function blamed(session: Session | undefined, described: readonly Described[]): Described | undefined {
  const { checked } = session ?? {};
  const path = checked?.scope === '' ? checked.fullPath : rootOf(checked?.scope ?? '');
  return described.find(({ kind, name }) => name === path && (checked?.scope !== '' || checked.kind === kind));
}

function isDescribed(each: { readonly line: number }): each is Described {
  return 'kind' in each;
}

/**
 * Loads a configuration in the language of `bigip.conf` as one unit of work: all of it, or nothing and a `LoadError`
 * that names line and object. Gives what changed. Throws a `DeviceError` for a text that is not in the language.
 */
export function loadConfig(device: Device, text: string, options: LoadOptions): readonly JournalEntry[] {
  const unit = { transaction: false, ...(options.dryRun === true ? { dryRun: true } : {}) };
  let changes: readonly JournalEntry[] = [];
  load(device, text, {
    ...options,
    run: (work) => {
      changes = runUnit(device, unit, work).changes;
    },
  });
  return changes;
}

/** Loads a configuration as a part of a unit of work. Throws as {@link loadConfig} does. */
export function loadWithin(session: Session, text: string, options: LoadOptions): void {
  const before = session.loading;
  try {
    load(session.device, text, { ...options, run: (work) => work(session) });
  } finally {
    session.loading = before;
  }
}

/** Objects that files hold and that mean nothing here: who may see which partition in a shell. */
const ignored = new Set(['cli admin-partitions']);

function load(
  device: Device,
  text: string,
  options: LoadOptions & { readonly run: (work: (session: Session) => void) => void },
): void {
  const all = scan(text, 'file')
    .map((statement) => describe(statement, device))
    .filter(({ object }) => !ignored.has(object));
  const described = all.filter(isDescribed);
  for (const unknown of all.filter((each) => !isDescribed(each))) {
    if (options.onUnknown === undefined) {
      throw new LoadError(unexpectedArgument(unknown.object.split(' ')[0] ?? '') as DeviceError, unknown);
    }
    options.onUnknown(unknown);
  }
  const loader = new Loader(device, options);
  try {
    options.run((session) => loader.load(described, session));
  } catch (error) {
    if (error instanceof DeviceError) {
      throw new LoadError(error, loader.at ?? blamed(loader.session, described));
    }
    throw error;
  }
}
