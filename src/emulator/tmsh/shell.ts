import type { Principal } from '../auth/users.ts';
import { apiErrors, DeviceError, grammarError } from '../errors/device-error.ts';
import { folderMissing } from '../errors/mcp.ts';
import { virtualKind } from '../kinds/ltm-virtual.ts';
import type { OperationSubject } from '../faults/before-operation.ts';
import { mayWrite } from '../rest/operation.ts';
import { requireWrite } from '../rest/access.ts';
import { runUnit, type Session } from '../session/session.ts';
import type { Device } from '../session/device.ts';
import type { StatsSource } from '../stats/stats-source.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import { qualify, splitFullPath } from '../names/full-path.ts';
import { deleteObject } from '../verbs/write.ts';
import { createWith, modifyWith } from './apply-change.ts';
import { list } from './commands/list.ts';
import { loadCommand } from './commands/load.ts';
import { deletePersistRecords, persistRecordWords, showPersistRecords } from './commands/persist-records.ts';
import { saveCommand } from './commands/save.ts';
import { fullPathOf, select, type View } from './commands/selection.ts';
import { show } from './commands/show.ts';
import { findComponent, leadingWords, propertiesOf, unexpectedArgument, type Component } from './names.ts';
import { readCode, readProperties, type Change } from './read-properties.ts';
import { scan, type Group, type Token } from './tokens.ts';
import { readTexts, textOfToken } from './values.ts';

/** What a shell works on, and for whom. */
export interface ShellContext {
  readonly device: Device;
  readonly principal: Principal;
  readonly stats: StatsSource;
  /** Called after each unit of work with what changed. */
  readonly onChange: (changes: readonly JournalEntry[]) => void;
  /** Called before each write of an object: throws when a fault is set for it. */
  readonly beforeOperation: (operation: OperationSubject) => void;
  /**
   * Runs a command of a resource that is no configuration object, by its path; undefined when there is none. A promise
   * gives the words of an error, or nothing.
   */
  readonly runResource?: (
    path: string,
    body: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>> | Promise<string> | undefined;
  /** Text of a page for `show` of such a resource; undefined when there is none. */
  readonly showResource?: (path: string) => string | undefined;
  /** Runs a `cli script` and gives what it printed. */
  readonly runScript?: (name: string, args: readonly string[], shell: Shell) => string;
}

type Work = (session: Session) => void;

/** A command as tmsh prints an error of it. */
export function errorText(error: DeviceError): string {
  const isGrammar = typeof error.body === 'object' && error.body['apiError'] === apiErrors.grammar;
  return isGrammar ? `Syntax Error: ${error.message}` : error.message;
}

/** Does a part of a unit of work; what a part did that failed is undone, and the unit may go on without it. */
function workWithin(unit: Session, work: Work): void {
  const { store, application } = unit;
  const count = store.recorded.length;
  const made = [...(application?.made ?? [])];
  try {
    work(unit);
  } catch (error) {
    store.backTo(count);
    application?.made.clear();
    made.forEach((place) => application?.made.add(place));
    throw error;
  }
}

/** One tmsh: a folder that it is in, a transaction that may be open. */
export class Shell {
  readonly context: ShellContext;
  readonly #unit: Session | undefined;
  #queue: Work[] | undefined;
  /** Commands that have not ended: each gives the words of an error, or nothing. */
  readonly pending: Promise<string>[] = [];
  /** The folder that names are looked up from, `/` or `/P/f`. */
  folder = '/Common';

  /** With `unit` every write belongs to that unit of work, which someone else runs. */
  constructor(context: ShellContext, unit?: Session) {
    this.context = context;
    this.#unit = unit;
  }

  /** The unit of work that every write belongs to; undefined when each is one of its own. */
  get unit(): Session | undefined {
    return this.#unit;
  }

  get view(): View {
    const { device, principal } = this.context;
    return { device, principal, folder: this.folder };
  }

  /** Runs the commands of a text, one after another; gives what they print. Throws at the first error. */
  run(text: string): string {
    const terminal = terminalLoad.exec(text);
    if (terminal !== null) {
      return loadCommand(leadingWords(scan(text.split('\n', 1)[0] ?? '', 'command')[0]?.tokens.slice(1) ?? []), {
        shell: this,
        terminal: terminal.groups?.['config'] ?? '',
      });
    }
    return scan(text, 'command')
      .map(({ tokens }) => this.command(tokens))
      .join('');
  }

  /** Runs the commands of a text as a terminal shows it: what they print, and the error that ended it. */
  transcript(text: string): string {
    let printed = '';
    try {
      if (terminalLoad.test(text)) {
        return this.run(text);
      }
      for (const { tokens } of scan(text, 'command')) {
        printed += this.command(tokens);
      }
      return printed;
    } catch (error) {
      if (error instanceof DeviceError) {
        return `${printed}${errorText(error)}\n`;
      }
      throw error;
    }
  }

  /** Runs one command; gives what it prints. */
  command(tokens: readonly Token[]): string {
    const [verb = '', ...words] = leadingWords(tokens);
    const rest = tokens.slice(1);
    switch (verb) {
      case 'create':
        return this.#create(rest);
      case 'modify':
        return this.#modify(rest);
      case 'delete':
        return this.#delete(rest);
      case 'list':
        return list(withoutSlash(words), this.view);
      case 'show':
        return this.#show(withoutSlash(words));
      case 'cd':
        return this.#changeFolder(words[0] ?? '/Common');
      case 'pwd':
        return `${this.folder}\n`;
      case 'save':
        return saveCommand(rest, this);
      case 'load':
        return loadCommand(withoutSlash(words), { shell: this });
      case 'mv':
      case 'run':
        return this.#runOther(verb, withoutSlash(words));
      case 'submit':
        return this.#submit(words);
      default:
        return this.#kindCommand(verb, rest);
    }
  }

  /** Opens a transaction: writes wait for `commit`. */
  begin(): void {
    if (this.#queue !== undefined) {
      throw grammarError('a transaction is already open');
    }
    this.#queue = [];
  }

  /** Carries out what waits, as one unit of work. */
  commit(): void {
    const queue = this.#queue;
    if (queue === undefined) {
      throw grammarError('no transaction is open');
    }
    this.#queue = undefined;
    this.#apply((session) => queue.forEach((work) => work(session)), queue.length > 1);
  }

  /** Forgets what waits. */
  cancel(): void {
    this.#queue = undefined;
  }

  /** Carries out a write: in the unit of work that there is, later in the transaction that is open, else at once. */
  write(work: Work): void {
    if (this.#queue === undefined) {
      this.#apply(work, false);
    } else {
      this.#queue.push(work);
    }
  }

  #apply(work: Work, transaction: boolean): void {
    if (this.#unit !== undefined) {
      workWithin(this.#unit, work);
      return;
    }
    const { device, onChange } = this.context;
    const { changes } = runUnit(device, { transaction }, (session) => {
      session.principal = this.context.principal;
      work(session);
    });
    onChange(changes);
  }

  #submit([what, ...more]: readonly string[]): string {
    if (what !== 'transaction' || more.length > 0) {
      throw unexpectedArgument(what ?? 'submit');
    }
    this.commit();
    return '';
  }

  #component(tokens: readonly Token[]): Component {
    const words = leadingWords(withoutSlash(tokens));
    const found = findComponent(words, this.context.device.kinds);
    if (found === undefined) {
      throw unexpectedArgument(words[0] ?? '');
    }
    return found;
  }

  #announce(method: string, kind: Component['kind'], fullPath: string): void {
    const segments = kind.path.split('/');
    const { beforeOperation } = this.context;
    if (method === 'POST') {
      beforeOperation({ method, segments, body: { name: fullPath } });
    } else {
      beforeOperation({ method, segments: kind.naming === 'singleton' ? segments : [...segments, fullPath], body: {} });
    }
  }

  #change(kind: Component['kind'], tokens: readonly Token[]): Change {
    const { version } = this.context.device;
    const [first] = tokens;
    const isCode = propertiesOf(kind, version).has('api-anonymous') && first?.type === 'group' && first.loose !== true;
    return isCode
      ? readCode(kind, first, { version, file: false })
      : readProperties(kind, tokens, { version, file: false });
  }

  #create(given: readonly Token[]): string {
    const tokens = withoutSlash(given);
    const { kind, used } = this.#component(tokens);
    const isPhrase = kind.path === 'gtm/topology';
    const words = leadingWords(tokens).slice(used);
    const phrase = isPhrase ? phraseIn(words, kind, this.context.device.version) : words.slice(0, 1);
    const name = phrase.length === 0 ? textOfToken(tokens[used] ?? empty) : phrase.join(' ');
    if (name === '' || kind.naming === 'singleton') {
      throw grammarError('one or more configuration identifiers must be provided');
    }
    const change = this.#change(kind, tokens.slice(used + Math.max(1, phrase.length)));
    const fullPath = fullPathOf(kind, name, this.folder);
    this.write((session) => {
      this.#announce('POST', kind, fullPath);
      mayWrite(this.context.principal, createWith(kind, fullPath, { change, session }), session);
    });
    return '';
  }

  /** Names behind a component: a word, a pattern, `all`, or several between braces. */
  #named(tokens: readonly Token[], { kind, used }: Component): { names: readonly string[]; rest: readonly Token[] } {
    const [first, ...rest] = tokens.slice(used);
    if (kind.naming === 'singleton') {
      return { names: [kind.path], rest: tokens.slice(used) };
    }
    if (first === undefined) {
      throw grammarError('one or more configuration identifiers must be provided');
    }
    if (kind.path === 'gtm/topology') {
      const phrase = phraseIn(leadingWords(tokens).slice(used), kind, this.context.device.version);
      return { names: [phrase.join(' ')], rest: tokens.slice(used + phrase.length) };
    }
    return { names: readTexts(first), rest };
  }

  #selected(kind: Component['kind'], names: readonly string[]): readonly ConfigObject[] {
    return names.flatMap((name) => select(kind, name, this.view));
  }

  #modify(given: readonly Token[]): string {
    const tokens = withoutSlash(given);
    const component = this.#component(tokens);
    const { kind } = component;
    const { names, rest } = this.#named(tokens, component);
    const change = this.#change(kind, rest);
    this.write((session) => {
      for (const object of this.#selected(kind, names)) {
        this.#announce('PATCH', kind, object.fullPath);
        mayWrite(this.context.principal, object, session);
        modifyWith(object, change, session);
      }
    });
    return '';
  }

  #delete(given: readonly Token[]): string {
    const tokens = withoutSlash(given);
    const persist = persistRecordWords(leadingWords(tokens));
    if (persist !== undefined) {
      requireWrite(this.context.principal, undefined, virtualKind);
      return deletePersistRecords(persist, this.folder, this.context.stats);
    }
    const component = this.#component(tokens);
    const { kind } = component;
    const { names, rest } = this.#named(tokens, component);
    if (rest.length > 0) {
      throw unexpectedArgument(textOfToken(rest[0] ?? empty));
    }
    this.write((session) => {
      for (const object of this.#selected(kind, names)) {
        this.#announce('DELETE', kind, object.fullPath);
        mayWrite(this.context.principal, object, session);
        deleteObject(object, session);
      }
    });
    return '';
  }

  #show(words: readonly string[]): string {
    const persist = persistRecordWords(words);
    if (persist !== undefined) {
      return showPersistRecords(persist, this.view, this.context.stats);
    }
    const component = findComponent(words, this.context.device.kinds);
    const page = component === undefined ? this.context.showResource?.(words.join('/')) : undefined;
    return page ?? show(words, this.view, this.context.stats);
  }

  #changeFolder(to: string): string {
    const parts = to.startsWith('/') ? [] : this.folder.split('/');
    for (const part of to.split('/')) {
      if (part === '..') {
        parts.pop();
      } else if (part !== '' && part !== '.') {
        parts.push(part);
      }
    }
    const folder = `/${parts.filter((part) => part !== '').join('/')}`;
    if (this.context.device.store.lookup('sys/folder', folder) === undefined) {
      throw folderMissing(folder);
    }
    this.folder = folder;
    return '';
  }

  /** `mv cm device a b`, `run cm config-sync to-group g`, `run sys failover standby`, `run cli script s`. */
  #runOther(verb: string, words: readonly string[]): string {
    const [module = '', component = '', ...rest] = words;
    const [name, target] = rest;
    if (verb === 'run' && `${module} ${component}` === 'cli script' && name !== undefined) {
      return this.context.runScript?.(qualify(name, this.folder), rest, this) ?? '';
    }
    const done = this.#runResource(
      `${module}/${component}`,
      verb === 'run' ? flagBody(rest) : { command: verb, name, target },
    );
    if (done === undefined) {
      throw unexpectedArgument(component || module);
    }
    this.pending.push(...(done instanceof Promise ? [done] : []));
    return '';
  }

  #runResource(
    path: string,
    body: Readonly<Record<string, unknown>>,
  ): ReturnType<NonNullable<ShellContext['runResource']>> {
    const { runResource } = this.context;
    const [module, component] = path.split('/');
    return module === 'cm' && body['command'] === 'run'
      ? runResource?.('cm', { command: 'run', utilCmdArgs: [component, ...wordsOf(body)].join(' ') })
      : runResource?.(path, body);
  }

  /** Commands of kinds: `publish ltm policy`, `install sys crypto key`. */
  #kindCommand(verb: string, given: readonly Token[]): string {
    const tokens = withoutSlash(given);
    const words = leadingWords(tokens);
    const found = findComponent(words, this.context.device.kinds);
    const commands = found?.kind.commands;
    const command = commands !== undefined && Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (found === undefined || command === undefined) {
      throw unexpectedArgument(verb);
    }
    const { kind, used } = found;
    const [name = '', ...rest] = words.slice(used);
    const fullPath = fullPathOf(kind, name, this.folder);
    const body = { command: verb, name: fullPath, ...pairs(rest.length % 2 === 1 ? [...rest, ''] : rest) };
    this.write((session) => {
      requireWrite(this.context.principal, splitFullPath(fullPath).partition, kind);
      command(body, session);
    });
    return '';
  }
}

/** A `load` whose configuration follows it. */
const terminalLoad = /^\s*load\s+\/?\s*sys\s+config\s[^\n]*\bfrom-terminal\b[^\n]*\n(?<config>[\s\S]*)$/v;
const empty: Group = { type: 'group', items: [], raw: '', line: 0 };

/** The words of a name that is a whole phrase, up to the first property. */
function phraseIn(words: readonly string[], kind: Component['kind'], version: Device['version']): readonly string[] {
  const table = propertiesOf(kind, version);
  const end = words.findIndex((word) => table.has(word));
  return end < 0 ? words : words.slice(0, end);
}

function pairs(words: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at + 1 < words.length; at += 2) {
    found[words[at] ?? ''] = words[at + 1] ?? '';
  }
  return found;
}

/** `standby traffic-group traffic-group-1`: a flag, and names with their values, as bodies of commands have them. */
function flagBody(words: readonly string[]): Record<string, unknown> {
  const isFlag = words.length % 2 === 1;
  const [flag] = isFlag ? words : [];
  const named = Object.entries(pairs(isFlag ? words.slice(1) : words)).map(([name, value]) => [
    name.replaceAll(/-([a-z])/gv, (_all, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return { command: 'run', ...(flag === undefined ? {} : { [flag]: true }), ...Object.fromEntries(named) };
}

/** The words that a body of `run` was made of. */
function wordsOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(body)
    .filter(([name]) => name !== 'command')
    .flatMap(([name, value]) => {
      const word = name.replaceAll(/[A-Z]/gv, (letter) => `-${letter.toLowerCase()}`);
      return value === true ? [word] : [word, String(value)];
    });
}

/** Words or tokens of a component without the `/` that may stand before or apart from its module. */
function withoutSlash<T extends string | Token>(given: readonly T[]): readonly T[] {
  const [first, ...rest] = given;
  if (first === undefined) {
    return given;
  }
  const text = typeof first === 'string' ? first : first.type === 'word' ? first.text : '';
  if (text === '/') {
    return rest;
  }
  if (!text.startsWith('/')) {
    return given;
  }
  const bare = text.slice(1);
  return [(typeof first === 'string' ? bare : Object.assign({}, first, { text: bare })) as T, ...rest];
}
