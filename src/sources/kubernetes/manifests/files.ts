import { createHash } from 'node:crypto';
import { setImmediate as yieldToEvents } from 'node:timers/promises';

import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { changeOf } from '../changes.ts';
import type { ChangeContext } from '../changes.ts';
import { identify, identityOf, isRead } from '../records.ts';
import type { RecordKind } from '../records.ts';
import type { RecordChange } from '../store.ts';
import { isName } from '../records/label.ts';
import { parseChunk, splitDocuments } from './parse.ts';
import type { Chunk } from './parse.ts';

/** `Service/default/web`. */
export type ObjectId = string;

type Parsed = readonly (readonly [ObjectId, RecordChange])[];

/** What a file holds. */
export interface FileContent {
  /** What is known of each object. */
  readonly objects: ReadonlyMap<ObjectId, RecordChange>;
  /** The file as a whole cannot be understood: `objects` are only what it seems to hold. */
  readonly broken?: Diagnostic;
  /** Objects that stand in the file twice. */
  readonly twice: readonly ObjectId[];
  /** What each flawless document held, by a hash of its text: the same text need not be parsed again. */
  readonly documents: ReadonlyMap<string, Parsed>;
}

// The event loop gets its turn after so many milliseconds of parsing.
const SLICE_MS = 5;

/**
 * Reads the text of a manifest; `file.name` is how diagnostics call it, `file.before` what is known of its documents.
 * Never rejects.
 */
export async function readContent(
  file: { readonly name: string; readonly text: string; readonly before?: FileContent['documents'] },
  context: ChangeContext,
): Promise<FileContent> {
  const objects = new Map<ObjectId, RecordChange>();
  const documents = new Map<string, Parsed>();
  const twice: ObjectId[] = [];
  let broken = emptiness(file, context);
  let turn = performance.now();
  for (const chunk of splitDocuments(file.text.replace(/^\uFEFF/, ''))) {
    const hash = createHash('sha256').update(chunk.text).digest('base64');
    const { found, problem } = documentOf(file.name, chunk, { context, known: file.before?.get(hash) });
    broken ??= problem;
    if (found.every(([, change]) => change.type === 'put')) documents.set(hash, found);
    for (const [id, change] of found) {
      if (objects.has(id)) twice.push(id);
      else objects.set(id, change);
    }
    if (performance.now() - turn < SLICE_MS) continue;
    await yieldToEvents();
    turn = performance.now();
  }
  if (broken === undefined) return { objects, twice, documents };
  broken = withHint(broken, file.text);
  return { objects: suspects(objects, broken), broken, twice: [], documents: new Map() };
}

/** Helm's templates are the file that is most often in the wrong folder. */
function withHint(broken: Diagnostic, text: string): Diagnostic {
  if (!/\{\{.*\}\}/.test(text)) return broken;
  const hint = 'it looks like a template ({{ }}), expected a manifest: render it first, as with helm template';
  return { ...broken, summary: `${broken.summary}; ${hint}` };
}

/** A file without a character is one that somebody emptied, or did not finish; whoever wants none deletes it. */
function emptiness(
  file: { readonly name: string; readonly text: string },
  { source }: ChangeContext,
): Diagnostic | undefined {
  if (file.text.trim() !== '') return undefined;
  return fileProblem(source, { file: file.name, message: 'it is empty now; delete the file if its objects shall go' });
}

function documentOf(
  name: string,
  chunk: Chunk,
  { context, known }: { readonly context: ChangeContext; readonly known: Parsed | undefined },
): { readonly found: Parsed; readonly problem?: Diagnostic } {
  if (known !== undefined) return { found: known };
  const { objects, problem } = parseChunk(name, chunk);
  const found = objects
    .filter(({ object }) => isRead(object, context))
    .map(({ object, place }) => {
      const kind = identify(object).kind as RecordKind;
      return [`${kind}/${identify(object).key}`, changeOf(kind, object, { ...context, place })] as const;
    });
  if (problem !== undefined) {
    const file = `${name}:${problem.line}`;
    return { found, problem: fileProblem(context.source, { file, message: problem.message }) };
  }
  // What has no name, or an impossible one, may be any object: the file as a whole is in doubt.
  const nameless = found.find(([, change]) => change.type === 'unreadable' && !isName(change.identity.name))?.[1];
  return nameless?.type === 'unreadable' ? { found, problem: nameless.diagnostic } : { found };
}

/** Of a file that cannot be understood nothing is believed but the names in it. */
function suspects(objects: ReadonlyMap<ObjectId, RecordChange>, diagnostic: Diagnostic): Map<ObjectId, RecordChange> {
  const changes = new Map<ObjectId, RecordChange>();
  for (const [id, change] of objects) {
    if (change.type === 'put') {
      const identity = identityOf(change.record);
      changes.set(id, { type: 'unreadable', kind: change.record.kind, identity, diagnostic });
    } else if (change.type === 'unreadable' && change.identity.name !== '') {
      changes.set(id, { ...change, diagnostic });
    }
  }
  return changes;
}

/** The diagnostic of a file that cannot be used. */
export function fileProblem(source: string, what: { readonly file: string; readonly message: string }): Diagnostic {
  return {
    code: 'manifest-unreadable',
    severity: 'error',
    origin: what.file,
    summary: `${source}: ${what.file}: ${what.message}`,
    detail: 'what this file held before stays as it is',
  };
}
