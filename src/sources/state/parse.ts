import { isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import type { FieldPath, Place } from '../values/locate.ts';
import type { FileProblem } from '../watching/watched-files.ts';
import { Locator } from '../values/locate.ts';
import { decodeText } from '../files/text.ts';

/** One object as it stands in a file. */
export interface PlacedDocument {
  readonly file: string;
  readonly value: unknown;
  /** The line of a field: of its name, or of its value. */
  readonly lineOf: (path: FieldPath, atKey: boolean) => number;
}

/** What a file with objects holds. */
export interface StateFile {
  readonly documents: readonly PlacedDocument[];
}

/** Sizes of what aliases may unfold to: a few bytes must not become a gigabyte. */
const MAX_ALIASES = 100;

/** Texts of problems that would repeat what stands in the file: it may be a key. */
const OWN_TEXTS: Readonly<Partial<Record<string, string>>> = {
  TAG_RESOLVE_FAILED:
    'a word with ! in front is a tag, and this one is not known; put texts that start with ! in quotes',
  BAD_ALIAS: 'a word with * in front is an alias, and this one has no anchor; put texts that start with * in quotes',
};

/**
 * Reads the objects of a file: YAML with one or several documents, or JSON; each document is one object, or a list of them.
 * A file with a mistake in its YAML is refused as a whole: what stands behind the mistake may mean something else.
 */
export function parseStateFile(bytes: Buffer, file: string): StateFile | FileProblem {
  const decoded = decodeText(bytes, 'auto');
  if ('problem' in decoded) return decoded;
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
    logLevel: 'error',
  } as const;
  const parsed = parseAllDocuments(decoded.text, options);
  const all: readonly Document[] = Array.isArray(parsed) ? parsed : [];
  const documents: PlacedDocument[] = [];
  for (const document of all) {
    const [mistake] = [...document.errors, ...document.warnings];
    if (mistake !== undefined) {
      const text = OWN_TEXTS[mistake.code] ?? mistake.message.split('\n')[0] ?? mistake.code;
      return { problem: `is no valid YAML: ${text}`, row: lines.linePos(mistake.pos[0]).line };
    }
    const values = valuesOf(document);
    if (values === undefined) {
      const row = lines.linePos(document.contents?.range?.[0] ?? 0).line;
      return { problem: 'has an alias without an anchor, or too many aliases, expected none such', row };
    }
    const locator = new Locator(document, lines);
    for (const { value, path } of values) documents.push({ file, value, lineOf: lineFinder(locator, path) });
  }
  return { documents };
}

interface Value {
  readonly value: unknown;
  /** Of the object in its document: of a list, its place in it. */
  readonly path: FieldPath;
}

/** Undefined: its aliases lead nowhere, or to too much. */
function valuesOf(document: Document): readonly Value[] | undefined {
  try {
    const plain: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (plain === null || plain === undefined) return [];
    if (!isSeq(document.contents) || !Array.isArray(plain)) return [{ value: plain, path: [] }];
    return plain.map((value: unknown, index) => ({ value, path: [index] }));
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function lineFinder(locator: Locator, before: FieldPath): PlacedDocument['lineOf'] {
  return (path, atKey) => {
    const whole = [...before, ...path];
    const place: Place = atKey && path.length > 0 ? locator.key(whole) : locator.value(whole);
    return place.line;
  };
}
