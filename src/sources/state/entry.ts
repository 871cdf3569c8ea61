import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { CellKey } from '../../desired/contribution.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { Ref } from '../../ir/ref.ts';
import type { FieldPath } from '../values/locate.ts';
import type { DocumentOptions, Identity, ReadDocument } from './document.ts';
import type { PlacedDocument } from './parse.ts';
import { kindOf, nameOf, pathOf } from '../../ir/ref.ts';
import { printPath } from '../values/locate.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { originKey } from '../../ir/origin.ts';
import { isGiven, readDocument } from './document.ts';
import { formOf } from './kinds/all.ts';

/** What is wrong with a document, and where. */
export interface EntryProblem {
  readonly line: number;
  readonly path: FieldPath;
  readonly text: string;
}

/** A document as it was read. */
export interface Entry extends ReadDocument {
  readonly document: PlacedDocument;
  readonly problems: readonly EntryProblem[];
}

/** Reads a document with the lines of its problems. Pure. */
export function readEntry(document: PlacedDocument, options: DocumentOptions): Entry {
  const problems: EntryProblem[] = [];
  const problem = (path: FieldPath, text: string, atKey?: true): undefined => {
    problems.push({ line: document.lineOf(path, atKey === true), path, text });
  };
  const read = readDocument(document.value, { names: options, problem }, options);
  if (read.identity !== undefined && !isGiven(read.identity.kind)) {
    problem(
      ['kind'],
      `found ${formOf(read.identity.kind).title}, expected no document of it: it comes along with what needs it`,
    );
  }
  return { ...read, document, problems };
}

/** The cell of an object. */
export function cellOf({ kind, path }: Identity, source: string): CellKey {
  return originKey(source, formOf(kind).title, path.slice(1));
}

/**
 * The origin of an object: that of the one that carries its mark, if it can hold none itself (of certificates and keys: the
 * profile), so that they change together.
 */
export function originOf(identity: Identity, source: string): OriginKey {
  const companion = companionOf(identity);
  return cellOf(companion === undefined ? identity : { kind: kindOf(companion), path: pathOf(companion) }, source);
}

/** The object that carries the mark of one. */
export function companionOf({ kind, path }: Identity): Ref | undefined {
  return descriptorOf(kind).companion?.({ kind, path } as BigipObject);
}

/** `lb.yaml:12`. */
export function placeOf({ document }: Entry): string {
  return `${document.file}:${document.lineOf([], false)}`;
}

/** A problem as its owner is told. */
export function entryDiagnostic({ document, identity }: Entry, problem: EntryProblem, source: string): Diagnostic {
  const { line, path, text } = problem;
  const what = identity === undefined ? '' : `${descriptorOf(identity.kind).noun} ${nameOf(identity.path)}: `;
  const field = path.length === 0 ? undefined : printPath(path);
  const place = `${document.file}:${line}`;
  return {
    code: 'document-invalid',
    severity: 'error',
    summary: `${source}: ${place}: ${what}${field === undefined ? '' : `\`${field}\`: `}${text}`,
    origin: identity === undefined ? place : originOf(identity, source),
    ...(field === undefined ? {} : { field }),
  };
}
