import type { BigipObject } from '../../ir/objects.ts';
import type { FullPath, Ref } from '../../ir/ref.ts';
import { printAddress } from '../../ir/address.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { partitionOf, refOf } from '../../ir/ref.ts';
import { nodesOfPool } from '../../plan/memory-snapshot.ts';

/** What an object needs: its descriptor's references, and the nodes that members stand on. */
export function needsOf(object: BigipObject): readonly Ref[] {
  return [...descriptorOf(object.kind).references(object), ...nodesOf(object).map((path) => refOf('node', path))];
}

function nodesOf(object: BigipObject): readonly FullPath[] {
  if (object.kind === 'pool') return nodesOfPool(object);
  if (object.kind !== 'pool-member') return [];
  return [object.node ?? `/${partitionOf(object.path)}/${printAddress(object.address)}`];
}

/** The address that an object holds for itself on the whole device: `node 10.0.0.1`. */
export function addressKey(object: BigipObject): string | undefined {
  if (object.kind !== 'node' && object.kind !== 'virtual-address') return undefined;
  return `${object.kind} ${printAddress(object.address)}`;
}

/** Who uses what, and who holds which address. Kept along with every change, so that a check costs what it touches. */
export class UseIndex {
  readonly #users = new Map<Ref, Set<Ref>>();
  readonly #holders = new Map<string, Ref>();

  usersOf(ref: Ref): ReadonlySet<Ref> {
    return this.#users.get(ref) ?? new Set();
  }

  holderOf(key: string): Ref | undefined {
    return this.#holders.get(key);
  }

  add(ref: Ref, object: BigipObject): void {
    for (const needed of needsOf(object)) {
      const users = this.#users.get(needed) ?? new Set();
      users.add(ref);
      this.#users.set(needed, users);
    }
    const key = addressKey(object);
    if (key !== undefined) this.#holders.set(key, ref);
  }

  remove(ref: Ref, object: BigipObject): void {
    for (const needed of needsOf(object)) {
      const users = this.#users.get(needed);
      users?.delete(ref);
      if (users?.size === 0) this.#users.delete(needed);
    }
    const key = addressKey(object);
    if (key !== undefined && this.#holders.get(key) === ref) this.#holders.delete(key);
  }
}
