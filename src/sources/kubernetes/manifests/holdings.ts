import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { RecordChange } from '../store.ts';
import { fileProblem } from './files.ts';
import type { FileContent, ObjectId } from './files.ts';

interface Held {
  readonly objects: ReadonlyMap<ObjectId, RecordChange>;
  readonly broken?: Diagnostic;
  readonly twice: readonly ObjectId[];
  readonly documents: FileContent['documents'];
  /** The objects come from a version of the file that was understood. */
  readonly good: boolean;
}

/** What each file of the folder holds, and which file speaks for an object that stands in several. */
export class Holdings {
  readonly #source: string;
  readonly #files = new Map<string, Held>();
  readonly #paths = new Map<ObjectId, Set<string>>();
  readonly #broken = new Map<string, Diagnostic>();
  readonly #doubtful = new Set<string>();
  /** Objects that stand in several files. */
  readonly #contested = new Set<ObjectId>();
  /** Files that hold an object twice. */
  readonly #repeating = new Map<string, readonly ObjectId[]>();

  constructor(source: string) {
    this.#source = source;
  }

  /** True if a file cannot be understood and never was: it may hold anything. */
  get doubt(): boolean {
    return this.#doubtful.size > 0;
  }

  get broken(): boolean {
    return this.#broken.size > 0;
  }

  /** What is known of the documents of a file, by their text. */
  documentsOf(path: string): FileContent['documents'] | undefined {
    return this.#files.get(path)?.documents;
  }

  /** What is wrong with files, in their order. */
  get problems(): readonly Diagnostic[] {
    const broken = [...this.#broken].sort(([a], [b]) => (a < b ? -1 : 1));
    return [...broken.map(([, problem]) => problem), ...this.#duplicates()];
  }

  /** Takes what a file holds now; gives the changes. A file that broke, or lost everything at once, keeps what it held. */
  put(path: string, content: FileContent): readonly RecordChange[] {
    const before = this.#files.get(path);
    if (
      content.broken === undefined &&
      content.objects.size === 0 &&
      (before?.objects.size ?? 0) > 0 &&
      before?.good === true
    ) {
      return this.fail(
        path,
        fileProblem(this.#source, { file: path, message: 'it is empty now; delete the file if its objects shall go' }),
      );
    }
    if (content.broken !== undefined && before?.good === true) return this.fail(path, content.broken);
    return this.#replace(path, { ...content, good: content.broken === undefined });
  }

  /** A file that cannot be read at all keeps what it held. */
  fail(path: string, broken: Diagnostic): readonly RecordChange[] {
    const held = this.#files.get(path) ?? { objects: new Map(), twice: [], documents: new Map(), good: false };
    return this.#replace(path, { ...held, broken });
  }

  /** A file is gone, and what it held with it. */
  remove(path: string): readonly RecordChange[] {
    return this.#replace(path, undefined);
  }

  #replace(path: string, held: Held | undefined): readonly RecordChange[] {
    const before = this.#files.get(path)?.objects ?? new Map<ObjectId, RecordChange>();
    const ids = new Set([...before.keys(), ...(held?.objects.keys() ?? [])]);
    this.#index(path, held);
    const changes: RecordChange[] = [];
    for (const id of ids) {
      this.#setOwner(id, path, held?.objects.has(id) === true);
      changes.push(this.#winner(id) ?? gone(id));
    }
    return changes;
  }

  #index(path: string, held: Held | undefined): void {
    this.#broken.delete(path);
    this.#doubtful.delete(path);
    this.#repeating.delete(path);
    this.#files.delete(path);
    if (held === undefined) return;
    this.#files.set(path, held);
    if (held.twice.length > 0) this.#repeating.set(path, held.twice);
    if (held.broken === undefined) return;
    this.#broken.set(path, held.broken);
    if (!held.good) this.#doubtful.add(path);
  }

  #setOwner(id: ObjectId, path: string, owns: boolean): void {
    const paths = this.#paths.get(id) ?? new Set();
    if (owns) paths.add(path);
    else paths.delete(path);
    if (paths.size === 0) this.#paths.delete(id);
    else this.#paths.set(id, paths);
    if (paths.size > 1) this.#contested.add(id);
    else this.#contested.delete(id);
  }

  #winner(id: ObjectId): RecordChange | undefined {
    const [first] = [...(this.#paths.get(id) ?? [])].sort();
    return first === undefined ? undefined : this.#files.get(first)?.objects.get(id);
  }

  #duplicates(): Diagnostic[] {
    const found = new Map<ObjectId, string[]>();
    for (const id of this.#contested) found.set(id, [...(this.#paths.get(id) ?? [])].sort());
    for (const [path, ids] of this.#repeating) {
      for (const id of ids) found.set(id, [...(found.get(id) ?? [path]), path].sort());
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, [first = '', ...others]]) => ({
        code: 'manifest-duplicate',
        severity: 'warning',
        origin: first,
        summary: `${this.#source}: ${id.replace('/', ' ')} stands in ${[first, ...others].join(' and in ')}; the first one counts`,
      }));
  }
}

function gone(id: ObjectId): RecordChange {
  const slash = id.indexOf('/');
  return { type: 'remove', kind: id.slice(0, slash) as 'Service', key: id.slice(slash + 1) };
}
