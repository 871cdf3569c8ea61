import { dirname, resolve } from 'node:path';
import type { Contribution } from '../../desired/contribution.ts';
import type { Said } from '../../desired/provenance.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { canonical } from '../../ir/canonical.ts';
import { equalValues } from '../../ir/equal.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { Ref } from '../../ir/ref.ts';
import { refOf } from '../../ir/ref.ts';
import type { Poller } from '../polled-source.ts';
import type { SourceResult } from '../source.ts';
import type { FileProblem } from '../watching/watched-files.ts';
import { WatchedFiles } from '../watching/watched-files.ts';
import { contributionsOf } from './contributions.ts';
import type { Entry } from './entry.ts';
import { entryDiagnostic, readEntry } from './entry.ts';
import { formOf } from './kinds/all.ts';
import type { StateOptions } from './options.ts';
import type { PlacedDocument } from './parse.ts';
import { parseStateFile } from './parse.ts';

interface ReadFile {
  readonly entries: readonly Entry[];
}

type Content = { readonly bytes: Buffer } | FileProblem;

/** A document with the content of its file. */
interface Filled {
  readonly read: Content;
  readonly entry: Entry;
}

/** What a result is made of. */
interface Made {
  readonly entries: readonly Entry[];
  readonly failed: ReadonlyMap<string, FileProblem>;
}

/** Entries are made anew only if their file changed. */
function isSame(before: Made, after: Made): boolean {
  const { entries, failed } = after;
  return (
    before.entries.length === entries.length &&
    before.entries.every((entry, index) => entry === entries[index]) &&
    equalValues([...before.failed], [...failed])
  );
}

/** Reads the documents of files, and follows them. A file that did not change is not read again. */
export class StateReader implements Poller {
  readonly #options: StateOptions;
  readonly #files: WatchedFiles<ReadFile>;
  /** The documents of every file as it was last good. */
  #good = new Map<string, ReadFile>();
  /** What was made last, and of what. */
  #made: { readonly of: Made; readonly result: SourceResult } | undefined;
  /** What the files with contents came to, by the document that names them. */
  readonly #withContents = new WeakMap<Entry, Filled>();
  /** Files with certificates and keys that documents name. */
  #contents: readonly string[] = [];

  constructor(options: StateOptions) {
    const { paths, quietMs, pollMs } = options;
    this.#options = options;
    this.#files = new WatchedFiles({
      paths,
      quietMs,
      pollMs,
      beside: () => this.#contents,
      parse: (bytes, file) => Promise.resolve(this.#parse(bytes, file)),
    });
  }

  async read(signal: AbortSignal): Promise<SourceResult> {
    const { files, failed } = await this.#files.read(signal);
    const good = new Map(files);
    // What a file gave before holds as long as nobody knows better.
    for (const file of failed.keys()) {
      const before = this.#good.get(file);
      if (before !== undefined) good.set(file, before);
    }
    this.#good = good;
    const entries: Entry[] = [];
    for (const entry of [...good.values()].flatMap((file) => file.entries)) {
      entries.push(await this.#withContent(entry, signal));
    }
    this.#contents = entries.flatMap((entry) => contentPath(entry) ?? []);
    const made = { entries, failed };
    if (this.#made === undefined || !isSame(this.#made.of, made))
      this.#made = { of: made, result: this.#resultOf(made) };
    return this.#made.result;
  }

  #resultOf({ entries, failed }: Made): SourceResult {
    const { source } = this.#options;
    const nameless = entries.filter(({ identity }) => identity === undefined);
    return {
      contributions: contributionsOf(entries, this.#options),
      // A document of which nobody can say what it is about may be that of any object.
      complete: failed.size === 0 && nameless.length === 0,
      diagnostics: [
        ...[...failed].map(([file, problem]) => this.#fileProblem(file, problem)),
        ...nameless.flatMap((entry) => entry.problems.map((problem) => entryDiagnostic(entry, problem, source))),
      ],
    };
  }

  /** The file and line of each field. */
  explain({ objects }: Contribution): Said {
    const refs = new Set(objects.map(({ kind, path }) => refOf(kind, path)));
    const said = new Map<Ref, ReadonlyMap<string, string>>();
    for (const entry of [...this.#good.values()].flatMap(({ entries }) => entries)) {
      const { identity, document } = entry;
      const ref = identity === undefined ? undefined : refOf(identity.kind, identity.path);
      if (ref !== undefined && refs.has(ref)) said.set(ref, linesOf(document));
    }
    return said;
  }

  follow(signal: AbortSignal, onChange: () => void): Promise<void> {
    return this.#files.follow(signal, onChange);
  }

  close(): Promise<void> {
    return this.#files.close();
  }

  #parse(bytes: Buffer, file: string): ReadFile | FileProblem {
    const parsed = parseStateFile(bytes, file);
    if ('problem' in parsed) return parsed;
    if (parsed.documents.length === 0 && !this.#options.allowEmpty) {
      return { problem: 'holds no object, expected at least one (or allowEmpty)' };
    }
    return { entries: parsed.documents.map((document) => readEntry(document, this.#options)) };
  }

  /** With the checksum of the file that the document names. What the file holds reaches no message. */
  async #withContent(entry: Entry, signal: AbortSignal): Promise<Entry> {
    const path = contentPath(entry);
    const { object } = entry;
    if (path === undefined || object === undefined) return entry;
    const read = await this.#files.readBeside(path, signal);
    const known = this.#withContents.get(entry);
    if (known !== undefined && equalValues(known.read, read)) return known.entry;
    const filled = this.#fill(entry, object, read);
    this.#withContents.set(entry, { read, entry: filled });
    return filled;
  }

  #fill(entry: Entry, object: BigipObject, read: Content): Entry {
    const path = contentPath(entry) ?? '';
    const content = formOf(object.kind).content;
    const problem =
      'problem' in read
        ? read.problem
        : content?.isGood(read.bytes) === false
          ? `holds something else, expected ${content.expected}`
          : undefined;
    if ('problem' in read || problem !== undefined) {
      const line = entry.document.lineOf(['file'], false);
      return { ...entry, problems: [...entry.problems, { line, path: ['file'], text: `${path} ${problem ?? ''}` }] };
    }
    const checksum = this.#options.keepBytes(read.bytes);
    return { ...entry, object: canonical({ ...object, checksum } as BigipObject) };
  }

  #fileProblem(file: string, { problem, row }: FileProblem): Diagnostic {
    const where = row === undefined ? file : `${file}:${row}`;
    return {
      code: 'file-unreadable',
      severity: 'error',
      origin: where,
      summary: `${this.#options.source}: ${where}: ${problem}`,
      detail: 'what this file gave before stays as it is',
    };
  }
}

function linesOf({ file, value, lineOf }: PlacedDocument): ReadonlyMap<string, string> {
  return new Map(Object.keys(value as object).map((field) => [field, `${file}:${lineOf([field], true)}`]));
}

function contentPath({ file, document }: Entry): string | undefined {
  return file === undefined ? undefined : resolve(dirname(document.file), file);
}
