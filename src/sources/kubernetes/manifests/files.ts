import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { changeOf } from '../changes.ts';
import type { ChangeContext } from '../changes.ts';
import { identify, isRead } from '../records.ts';
import type { RecordKind } from '../records.ts';
import type { RecordChange } from '../store.ts';
import { parseManifest } from './parse.ts';

/** `Service/default/web`. */
export type ObjectId = string;

/** What a file holds. */
export interface FileContent {
  /** What is known of each object. */
  readonly objects: ReadonlyMap<ObjectId, RecordChange>;
  /** The file as a whole cannot be understood: `objects` are only what it seems to hold. */
  readonly broken?: Diagnostic;
  /** Objects that stand in the file twice. */
  readonly twice: readonly ObjectId[];
}

/** Reads the text of a manifest. Never throws; `name` is how diagnostics call the file. */
export function readContent(name: string, text: string, context: ChangeContext): FileContent {
  const { objects: found, problem } = parseManifest(name, text);
  const objects = new Map<ObjectId, RecordChange>();
  const twice: ObjectId[] = [];
  const broken =
    problem === undefined
      ? undefined
      : fileProblem(context.source, { file: `${name}:${problem.line}`, message: problem.message });
  for (const { object, place } of found) {
    if (!isRead(object)) continue;
    const identity = identify(object);
    const kind = identity.kind as RecordKind;
    const id = `${kind}/${identity.key}`;
    if (objects.has(id)) twice.push(id);
    else if (broken === undefined) objects.set(id, changeOf(kind, object, { ...context, place }));
    else if (identity.name !== '') objects.set(id, { type: 'unreadable', kind, identity, diagnostic: broken });
  }
  return broken === undefined ? { objects, twice } : { objects, broken, twice: [] };
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
