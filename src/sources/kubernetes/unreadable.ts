import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ObjectKey, OwnerKey } from './model.ts';
import type { RecordKind } from './records.ts';

interface Entry {
  readonly kind: RecordKind;
  readonly key: ObjectKey;
  readonly diagnostic: Diagnostic;
  /** The owner that must wait, because nothing good is known of this object. */
  readonly blocks: OwnerKey | undefined;
}

/** Objects that are there but cannot be understood, and the owners that must wait for them. */
export class Unreadable {
  readonly #entries = new Map<string, Entry>();
  readonly #blocking = new Map<OwnerKey, Set<string>>();

  set(entry: Entry): void {
    const id = `${entry.kind}/${entry.key}`;
    this.#entries.set(id, entry);
    if (entry.blocks === undefined) return;
    const blockers = this.#blocking.get(entry.blocks);
    if (blockers === undefined) this.#blocking.set(entry.blocks, new Set([id]));
    else blockers.add(id);
  }

  /** Forgets one; gives the owner that it blocked. */
  clear(kind: RecordKind, key: ObjectKey): OwnerKey | undefined {
    const id = `${kind}/${key}`;
    const blocked = this.#entries.get(id)?.blocks;
    this.#entries.delete(id);
    if (blocked === undefined) return undefined;
    const blockers = this.#blocking.get(blocked);
    blockers?.delete(id);
    if (blockers?.size === 0) this.#blocking.delete(blocked);
    return blocked;
  }

  /** Whether one of these was never understood. */
  blocks(owner: OwnerKey): boolean {
    return this.#blocking.has(owner);
  }

  /** Whether an object is there and cannot be understood. */
  has(kind: RecordKind, key: ObjectKey): boolean {
    return this.#entries.has(`${kind}/${key}`);
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.diagnostic);
  }

  *keysOf(kind: RecordKind): Iterable<ObjectKey> {
    for (const entry of this.#entries.values()) if (entry.kind === kind) yield entry.key;
  }
}
