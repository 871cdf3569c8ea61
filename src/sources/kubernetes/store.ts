import { isDeepStrictEqual } from 'node:util';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type {
  EndpointSliceRecord,
  NamespaceRecord,
  LocalPort,
  NodeRecord,
  PodRecord,
  ObjectKey,
  OwnerKey,
  ServiceRecord,
} from './model.ts';
import type { IngressClassRecord, IngressRecord, KnownSecret, SecretRecord } from './model-ingress.ts';
import { keys, namespaceOf, ownerKey, partsOfOwner } from './model.ts';
import { ingressKeys } from './model-ingress.ts';
import { withHistory } from './endpoint-history.ts';
import { keyOf } from './records.ts';
import type { Identity, KubernetesRecord, RecordKind } from './records.ts';
import { Unreadable } from './unreadable.ts';

/** A fact that changed: an object as it is now, one that is gone, or one that is there but cannot be understood. */
export type RecordChange =
  | { readonly type: 'put'; readonly record: KubernetesRecord }
  | { readonly type: 'remove'; readonly kind: RecordKind; readonly key: ObjectKey }
  | {
      readonly type: 'unreadable';
      readonly kind: RecordKind;
      readonly identity: Identity;
      readonly diagnostic: Diagnostic;
    };

/** What a change touched. */
export interface Touched {
  /** Keys of model.ts whose values changed. */
  readonly keys: readonly string[];
  /** Owners that came, went, changed, or whose block came or went. */
  readonly owners: readonly OwnerKey[];
  /** IngressClasses that came, went or changed. */
  readonly classes?: readonly string[];
}

const NONE: readonly EndpointSliceRecord[] = [];
const KEYS = { Service: keys.service, Ingress: ingressKeys.ingress, Secret: ingressKeys.secret } as const;
const NO_OBJECTS: ReadonlyMap<ObjectKey, unknown> = new Map();
const UNTOUCHED: Touched = { keys: [], owners: [] };

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/**
 * What is known of the cluster. Every change touches only its own keys; a record that is equal to the one held
 * changes nothing (so a new `resourceVersion` alone is free). An object that cannot be understood keeps its last
 * good record; if there is none, its owner is blocked.
 */
export class RecordStore {
  readonly services = new Map<ObjectKey, ServiceRecord>();
  readonly namespaces = new Map<string, NamespaceRecord>();
  readonly ingresses = new Map<ObjectKey, IngressRecord>();
  readonly classes = new Map<string, IngressClassRecord>();
  readonly #secrets = new Map<ObjectKey, SecretRecord>();
  readonly #slices = new Map<ObjectKey, readonly EndpointSliceRecord[]>();
  readonly #sliceService = new Map<ObjectKey, ObjectKey>();
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #pods = new Map<ObjectKey, PodRecord>();
  readonly #podsByIp = new Map<string, PodRecord>();
  readonly #byNamespace = new Map<string, Set<OwnerKey>>();
  readonly #unreadable = new Unreadable();
  #sortedNodes: readonly NodeRecord[] | undefined;

  /** Takes a change. */
  apply(change: RecordChange): Touched {
    if (change.type === 'unreadable') return this.#setUnreadable(change);
    const kind = change.type === 'put' ? change.record.kind : change.kind;
    const key = change.type === 'put' ? keyOf(change.record) : change.key;
    const freed = this.#unreadable.clear(kind, key);
    const touched = this.#set(kind, key, change.type === 'put' ? change.record : undefined);
    if (freed === undefined) return touched;
    // What read it as unreadable reads it anew, also if it is gone now.
    const own = kind === 'Secret' ? [ingressKeys.secret(key)] : [];
    return { ...touched, keys: [...touched.keys, ...own], owners: [...touched.owners, freed] };
  }

  /** The slices of a Service, sorted by name; none: an empty list. */
  slicesOf(service: ObjectKey): readonly EndpointSliceRecord[] {
    return this.#slices.get(service) ?? NONE;
  }

  /** The ports of nodes that lead to the pod with this address. */
  localPortsOf(ip: string): readonly LocalPort[] {
    return this.#podsByIp.get(ip)?.localPorts ?? [];
  }

  /** All nodes, sorted by name. */
  get nodes(): readonly NodeRecord[] {
    this.#sortedNodes ??= [...this.#nodes.values()].sort(byName);
    return this.#sortedNodes;
  }

  /** What is known of a Secret; undefined: it is not there. */
  secret(key: ObjectKey): KnownSecret | undefined {
    return this.#secrets.get(key) ?? (this.#unreadable.has('Secret', key) ? 'unreadable' : undefined);
  }

  /** The Services, Ingresses and Secrets of a namespace. */
  ownersIn(namespace: string): Iterable<OwnerKey> {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** All Services, Ingresses and Secrets. */
  *owners(): Iterable<OwnerKey> {
    for (const owners of this.#byNamespace.values()) yield* owners;
  }

  /** True if something of this owner is there but was never understood. */
  blocked(owner: OwnerKey): boolean {
    return this.#unreadable.blocks(owner);
  }

  /** What is wrong with objects that cannot be understood, by key. */
  get problems(): readonly Diagnostic[] {
    return this.#unreadable.diagnostics;
  }

  /** The keys of the objects of a kind, in one namespace or in all: what a new list is compared with. */
  *objectsOf(kind: RecordKind, namespace?: string): Iterable<ObjectKey> {
    const held = this.#held(kind);
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    for (const key of held.keys()) if (key.startsWith(prefix)) yield key;
    for (const key of this.#unreadable.keysOf(kind)) if (key.startsWith(prefix) && !held.has(key)) yield key;
  }

  #held(kind: RecordKind): ReadonlyMap<ObjectKey, unknown> {
    const all: Partial<Record<RecordKind, ReadonlyMap<ObjectKey, unknown>>> = {
      Service: this.services,
      EndpointSlice: this.#sliceService,
      Node: this.#nodes,
      Pod: this.#pods,
      Namespace: this.namespaces,
      Ingress: this.ingresses,
      IngressClass: this.classes,
      Secret: this.#secrets,
    };
    return all[kind] ?? NO_OBJECTS;
  }

  #set(kind: RecordKind, key: ObjectKey, record: KubernetesRecord | undefined): Touched {
    switch (kind) {
      case 'Service':
        return this.#setOwner('Service', key, set(this.services, key, record as ServiceRecord | undefined));
      case 'Ingress':
        return this.#setOwner('Ingress', key, set(this.ingresses, key, record as IngressRecord | undefined));
      case 'Secret':
        return this.#setOwner('Secret', key, set(this.#secrets, key, record as SecretRecord | undefined));
      case 'EndpointSlice':
        return this.#setSlice(key, record as EndpointSliceRecord | undefined);
      case 'IngressClass': {
        const changed = set(this.classes, key, record as IngressClassRecord | undefined);
        return changed ? { ...UNTOUCHED, classes: [key] } : UNTOUCHED;
      }
      case 'Namespace': {
        const changed = set(this.namespaces, key, record as NamespaceRecord | undefined);
        return changed ? { keys: [], owners: [...this.ownersIn(key)] } : UNTOUCHED;
      }
      case 'Pod':
        return this.#setPod(key, record as PodRecord | undefined);
      case 'Node':
        return this.#setNode(key, record as NodeRecord | undefined);
      default:
        // The other kinds are of pod networks, which have a store of their own.
        return UNTOUCHED;
    }
  }

  #setPod(key: ObjectKey, record: PodRecord | undefined): Touched {
    const before = this.#pods.get(key);
    if (!set(this.#pods, key, record)) return UNTOUCHED;
    // An address may be another pod's by now: only what this one said of it goes.
    for (const ip of before?.ips ?? []) if (this.#podsByIp.get(ip) === before) this.#podsByIp.delete(ip);
    for (const ip of record?.ips ?? []) if (record !== undefined) this.#podsByIp.set(ip, record);
    const ips = new Set([...(before?.ips ?? []), ...(record?.ips ?? [])]);
    return { keys: [...ips].map(keys.localPorts), owners: [] };
  }

  #setNode(key: ObjectKey, record: NodeRecord | undefined): Touched {
    if (!set(this.#nodes, key, record)) return UNTOUCHED;
    this.#sortedNodes = undefined;
    return { keys: [keys.nodes], owners: [] };
  }

  #setOwner(kind: 'Service' | 'Ingress' | 'Secret', key: ObjectKey, changed: boolean): Touched {
    const owner = ownerKey(kind, key) ?? key;
    if (changed) this.#listInNamespace(owner, this.#held(kind).has(key) || this.blocked(owner));
    return changed ? { keys: [KEYS[kind](key)], owners: [owner] } : UNTOUCHED;
  }

  #setSlice(key: ObjectKey, given: EndpointSliceRecord | undefined): Touched {
    const before = this.#sliceService.get(key);
    const after = given === undefined ? undefined : `${given.namespace}/${given.service}`;
    const record = given && after !== undefined ? withHistory(given, this.slicesOf(after)) : undefined;
    const held = before === undefined ? undefined : this.slicesOf(before).find((slice) => keyOf(slice) === key);
    if (isDeepStrictEqual(held, record)) return UNTOUCHED;
    const services = new Set<ObjectKey>();
    if (before !== undefined) {
      services.add(before);
      this.#putSlices(
        before,
        this.slicesOf(before).filter((slice) => slice !== held),
      );
    }
    if (record === undefined || after === undefined) this.#sliceService.delete(key);
    else {
      services.add(after);
      this.#sliceService.set(key, after);
      this.#putSlices(after, [...this.slicesOf(after), record].sort(byName));
    }
    return { keys: [...services].map((service) => keys.slices(service)), owners: [] };
  }

  #putSlices(service: ObjectKey, slices: readonly EndpointSliceRecord[]): void {
    if (slices.length === 0) this.#slices.delete(service);
    else this.#slices.set(service, slices);
  }

  #setUnreadable(change: Extract<RecordChange, { type: 'unreadable' }>): Touched {
    const { kind, identity, diagnostic } = change;
    const isHeld = this.#held(kind).has(identity.key);
    const owner = kind === 'EndpointSlice' ? identity.service : ownerKey(kind, identity.key);
    const freed = this.#unreadable.clear(kind, identity.key);
    this.#unreadable.set({ kind, key: identity.key, diagnostic, blocks: isHeld ? undefined : owner });
    const owners = [...new Set([freed, isHeld ? undefined : owner])].filter((key) => key !== undefined);
    for (const key of owners) this.#listInNamespace(key, this.#isHeldOwner(key) || this.blocked(key));
    return { keys: kind === 'Secret' && !isHeld ? [ingressKeys.secret(identity.key)] : [], owners };
  }

  #isHeldOwner(owner: OwnerKey): boolean {
    const { kind, key } = partsOfOwner(owner);
    return this.#held(kind).has(key);
  }

  #listInNamespace(owner: OwnerKey, present: boolean): void {
    const namespace = namespaceOf(owner);
    const siblings = this.#byNamespace.get(namespace) ?? new Set();
    if (present) siblings.add(owner);
    else siblings.delete(owner);
    if (siblings.size === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, siblings);
  }
}

function set<T>(map: Map<string, T>, key: string, value: T | undefined): boolean {
  if (isDeepStrictEqual(map.get(key), value)) return false;
  if (value === undefined) map.delete(key);
  else map.set(key, value);
  return true;
}
