import { LineCounter, isCollection, isNode, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';

/** An object of a manifest. */
interface ManifestObject {
  readonly object: unknown;
  /** Where a field of it stands: `web.yaml:12`. */
  readonly place: (path: readonly (string | number)[]) => string;
}

/** What a file says, or why it says nothing. */
export interface Manifest {
  readonly objects: readonly ManifestObject[];
  /** The file cannot be understood as a whole; `objects` are then what it seems to hold. */
  readonly problem?: { readonly line: number; readonly message: string };
}

type Path = readonly (string | number)[];

/** A part of a file that is parsed on its own. */
export interface Chunk {
  readonly text: string;
  /** The line of the file that it starts in, from 1. */
  readonly line: number;
}

/**
 * Cuts a file at its document markers, so that one document at a time is in memory as a tree. At the start of a line
 * `---` is always a marker, whatever is around it (YAML 1.2, 9.1.2).
 */
export function splitDocuments(text: string): readonly Chunk[] {
  // A directive belongs to the document after it: such a file is rare, and parsed as one.
  if (/^%/m.test(text)) return [{ text, line: 1 }];
  const chunks: Chunk[] = [];
  let [start, line] = [0, 1];
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    if (index > start) chunks.push({ text: text.slice(start, index), line });
    line += linesIn(text, start, index);
    start = index;
  }
  return [...chunks, { text: text.slice(start), line }];
}

function linesIn(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/**
 * Reads a part of a manifest: YAML or JSON; `List` kinds are taken apart. Errors never quote the file: a manifest may
 * hold Secrets.
 */
export function parseChunk(file: string, chunk: Chunk): Manifest {
  const json = /^(---\s)?\s*\{/.test(chunk.text) ? tryJson(chunk.text.replace(/^---/, '')) : undefined;
  if (json !== undefined) {
    const tree = lazily(() => new Tree(file, chunk));
    return collect([{ value: json, place: (path) => tree().place(0, path), line: chunk.line }]);
  }
  const tree = new Tree(file, chunk);
  const manifest = collect(tree.documents());
  return tree.problem === undefined ? manifest : { ...manifest, problem: tree.problem };
}

interface Found {
  readonly value: unknown;
  readonly line: number;
  readonly place: (path: Path) => string;
}

/** The parsed documents of one file, with the lines of their fields. */
class Tree {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #first: number;
  readonly #documents: readonly Document[];
  problem: Manifest['problem'];

  constructor(file: string, { text, line }: Chunk) {
    this.#file = file;
    this.#first = line;
    const parsed = parseAllDocuments(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      // Warnings would go to standard error, and quote the file.
      logLevel: 'error',
    });
    this.#documents = Array.isArray(parsed) ? (parsed as Document[]) : [];
    const error = this.#documents.flatMap((document) => document.errors)[0];
    if (error !== undefined)
      this.problem = { line: this.#line(error.pos[0]), message: plain(error.code, error.message) };
  }

  documents(): Found[] {
    return this.#documents.map((document, index) => ({
      value: this.#value(document),
      line: this.#line(startOf(document.contents) ?? document.range?.[0] ?? 0),
      place: (path) => this.place(index, path),
    }));
  }

  /** The place of a field, or of the nearest thing around it that is there. */
  place(index: number, path: Path): string {
    const contents = this.#documents[index]?.contents;
    for (let length = path.length; length >= 0; length -= 1) {
      const start = startOf(nodeAt(contents, path.slice(0, length)));
      if (start !== undefined) return `${this.#file}:${this.#line(start)}`;
    }
    return this.#file;
  }

  #value(document: Document): unknown {
    try {
      return document.toJS({ maxAliasCount: 100 }) as unknown;
    } catch {
      this.problem ??= {
        line: this.#line(startOf(document.contents) ?? 0),
        message: 'aliases that cannot be resolved',
      };
      return null;
    }
  }

  #line(offset: number): number {
    return this.#first - 1 + Math.max(1, this.#lines.linePos(offset).line);
  }
}

function collect(found: readonly Found[]): Manifest {
  const objects: ManifestObject[] = [];
  let problem: Manifest['problem'];
  for (const { value, place, line } of found) {
    if (value === null || value === undefined) continue;
    const { apiVersion, kind } = (typeof value === 'object' ? value : {}) as Record<string, unknown>;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
      problem ??= { line, message: 'expected an object with apiVersion and kind' };
      continue;
    }
    objects.push(...unlist(value as Record<string, unknown>, place));
  }
  return problem === undefined ? { objects } : { objects, problem };
}

function unlist(value: Record<string, unknown>, place: (path: Path) => string): ManifestObject[] {
  const { kind, items, apiVersion } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return [{ object: value, place }];
  const type = kind === 'List' ? {} : { kind: kind.slice(0, -'List'.length), apiVersion };
  return items
    .map((item: unknown, index) => ({ item, index }))
    .filter(({ item }) => typeof item === 'object' && item !== null)
    .map(({ item, index }) => ({
      object: { ...type, ...(item as object) },
      place: (path) => place(['items', index, ...path]),
    }));
}

function nodeAt(contents: unknown, path: Path): unknown {
  if (path.length === 0) return contents;
  return isCollection(contents) ? contents.getIn(path, true) : undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

// Some messages name keys, aliases or tags of the file; the code says enough.
function plain(code: string, message: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return /["'`]|\n|: /.test(message) ? words : `${words} (${message})`;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
