import type { Actual, AddressUse, Snapshot } from './snapshot.ts';
import type { Module } from '../ir/descriptor.ts';
import type { Kind } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Pool } from '../ir/pool.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { parseAddress, printAddress } from '../ir/address.ts';
import { equalValues } from '../ir/equal.ts';
import { descriptorOf } from '../ir/objects.ts';
import { kindOf, nameOf, partitionOf, pathOf, refOf } from '../ir/ref.ts';
import { Relation } from './relation.ts';

/** What is held outside the owned partitions: an address in the form of `printAddress`, or a name that is unique. */
export interface HeldElsewhere extends AddressUse {
  readonly address: string;
}

/** The snapshot as plain maps. Every change costs what the object is worth, whatever the size of the whole. */
export class MemorySnapshot implements Snapshot {
  readonly #objects = new Map<Ref, Actual>();
  /**
   * Nodes that are nothing but their address, as members bring them along: kept as their path alone (by itself, so that
   * others share the text), for there may be a hundred thousand.
   */
  readonly #bareNodes = new Map<FullPath, FullPath>();
  readonly #elsewhere = new Map<string, FullPath>();
  readonly #poolsOfNode = new Relation<FullPath, FullPath>();
  readonly #poolsByUnusedNode = new Relation<FullPath, FullPath>();
  readonly #virtualsOfAddress = new Relation<FullPath, FullPath>();
  readonly #refsOfOrigin = new Relation<OriginKey, Ref>();
  readonly #owned = new Map<string, number>();
  readonly #holders = new Relation<string, FullPath>();

  readonly #items = new Relation<Ref, Ref>();

  readonly #lacking: ReadonlyMap<Module, string>;

  /** @param lacking why the device cannot hold objects of these modules. */
  constructor(
    actuals: Iterable<readonly [Ref, Actual]> = [],
    elsewhere: Iterable<HeldElsewhere> = [],
    lacking: ReadonlyMap<Module, string> = new Map(),
  ) {
    this.#lacking = lacking;
    for (const [ref, actual] of actuals) this.set(ref, actual);
    for (const { kind, address, path } of elsewhere) {
      this.#elsewhere.set(`${kind} ${address}`, path);
      if (descriptorOf(kind).singular !== undefined) this.#holders.add(`${kind} ${address}`, path);
    }
  }

  get size(): number {
    return this.#objects.size + this.#bareNodes.size;
  }

  get(ref: Ref): Actual | undefined {
    return this.#objects.get(ref) ?? this.#bareNode(ref);
  }

  *refs(): Iterable<Ref> {
    yield* this.#objects.keys();
    for (const path of this.#bareNodes.keys()) yield refOf('node', path);
  }

  elsewhere(kind: AddressUse['kind'], address: string): FullPath | undefined {
    return this.#elsewhere.get(`${kind} ${address}`);
  }

  holdersOf(kind: Kind, singular: string): ReadonlySet<FullPath> {
    return this.#holders.of(`${kind} ${singular}`);
  }

  itemsOf(holder: Ref): ReadonlySet<Ref> {
    return this.#items.of(holder);
  }

  poolsOfNode(node: FullPath): ReadonlySet<FullPath> {
    return this.#poolsOfNode.of(node);
  }

  poolsByUnusedNode(node: FullPath): ReadonlySet<FullPath> {
    return this.#poolsByUnusedNode.of(node);
  }

  unusedNodes(): Iterable<FullPath> {
    return this.#poolsByUnusedNode.keys();
  }

  virtualsOfAddress(address: FullPath): ReadonlySet<FullPath> {
    return this.#virtualsOfAddress.of(address);
  }

  refsOfOrigin(origin: OriginKey): ReadonlySet<Ref> {
    return this.#refsOfOrigin.of(origin);
  }

  ownedBy(instance: string): number {
    return this.#owned.get(instance) ?? 0;
  }

  lacking(module: Module): string | undefined {
    return this.#lacking.get(module);
  }

  set(ref: Ref, actual: Actual | undefined): void {
    const before = this.#objects.get(ref);
    if (before !== undefined) this.#index(ref, before, 'remove');
    this.#objects.delete(ref);
    this.#bareNodes.delete(pathOfNode(ref));
    if (actual === undefined) return;
    if (isBare(actual)) {
      this.#bareNodes.set(actual.object.path, actual.object.path);
      return;
    }
    this.#objects.set(ref, actual);
    this.#index(ref, actual, 'add');
  }

  #bareNode(ref: Ref): Actual | undefined {
    const path = this.#bareNodes.get(pathOfNode(ref));
    const address = path === undefined ? undefined : parseAddress(nameOf(path));
    return path === undefined || address === undefined ? undefined : { object: { kind: 'node', path, address } };
  }

  /** The text that the node itself has, if it is known: a hundred thousand copies would weigh. */
  #sharedPath(node: FullPath): FullPath {
    return this.#bareNodes.get(node) ?? node;
  }

  #index(ref: Ref, { object }: Actual, change: 'add' | 'remove'): void {
    if (object.mark !== undefined) {
      const owned = this.ownedBy(object.mark.instance) + (change === 'add' ? 1 : -1);
      this.#owned.set(object.mark.instance, owned);
      for (const origin of object.mark.origins) this.#refsOfOrigin[change](origin, ref);
    }
    const { singular: singularOf, within } = descriptorOf(object.kind);
    if (within !== undefined) this.#items[change](within(object.path), ref);
    const singular = singularOf?.(object);
    if (singular !== undefined) this.#holders[change](`${object.kind} ${singular}`, object.path);
    if (object.kind === 'virtual') this.#virtualsOfAddress[change](object.virtualAddress, object.path);
    if (object.kind !== 'pool') return;
    for (const node of nodesOfPool(object)) this.#poolsOfNode[change](this.#sharedPath(node), object.path);
    for (const name of object.nodeLedger?.unused ?? []) {
      this.#poolsByUnusedNode[change](`/${partitionOf(object.path)}/${name}`, object.path);
    }
  }
}

/** The path that a ref names if it is that of a node; else the empty text. */
function pathOfNode(ref: Ref): FullPath {
  return kindOf(ref) === 'node' ? pathOf(ref) : '';
}

/** Whether a node can be told again from its path alone. */
function isBare({ object, otherMetadata }: Actual): boolean {
  if (object.kind !== 'node' || (otherMetadata?.length ?? 0) > 0) return false;
  const { kind: _, path, address, ...more } = object;
  return Object.keys(more).length === 0 && equalValues(parseAddress(nameOf(path)), address);
}

/** The full paths of the nodes behind a pool's members: same partition and named by address, unless a member says otherwise. */
export function nodesOfPool(pool: Pool): readonly FullPath[] {
  const partition = partitionOf(pool.path);
  return (pool.members ?? []).map((member) => member.node ?? `/${partition}/${printAddress(member.address)}`);
}
