import { isDeepStrictEqual } from 'node:util';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { EndpointSliceRecord, NamespaceRecord, NodeRecord, ObjectKey, ServiceRecord } from './model.ts';
import { keys } from './model.ts';
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
  /** Services that came, went, changed, or whose block came or went. */
  readonly services: readonly ObjectKey[];
}

const NONE: readonly EndpointSliceRecord[] = [];
const UNTOUCHED: Touched = { keys: [], services: [] };

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/**
 * What is known of the cluster. Every change touches only its own keys; a record that is equal to the one held
 * changes nothing (so a new `resourceVersion` alone is free). An object that cannot be understood keeps its last
 * good record; if there is none, its Service is blocked.
 */
export class RecordStore {
  readonly services = new Map<ObjectKey, ServiceRecord>();
  readonly namespaces = new Map<string, NamespaceRecord>();
  readonly #slices = new Map<ObjectKey, readonly EndpointSliceRecord[]>();
  readonly #sliceService = new Map<ObjectKey, ObjectKey>();
  readonly #nodes = new Map<string, NodeRecord>();
  readonly #byNamespace = new Map<string, Set<ObjectKey>>();
  readonly #unreadable = new Unreadable();
  #sortedNodes: readonly NodeRecord[] | undefined;

  /** Takes a change. */
  apply(change: RecordChange): Touched {
    if (change.type === 'unreadable') return this.#setUnreadable(change);
    const kind = change.type === 'put' ? change.record.kind : change.kind;
    const key = change.type === 'put' ? keyOf(change.record) : change.key;
    const freed = this.#unreadable.clear(kind, key);
    const touched = this.#set(kind, key, change.type === 'put' ? change.record : undefined);
    return freed === undefined ? touched : { ...touched, services: [...touched.services, freed] };
  }

  /** The slices of a Service, sorted by name; none: an empty list. */
  slicesOf(service: ObjectKey): readonly EndpointSliceRecord[] {
    return this.#slices.get(service) ?? NONE;
  }

  /** All nodes, sorted by name. */
  get nodes(): readonly NodeRecord[] {
    this.#sortedNodes ??= [...this.#nodes.values()].sort(byName);
    return this.#sortedNodes;
  }

  servicesIn(namespace: string): Iterable<ObjectKey> {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** True if something of this Service is there but was never understood. */
  blocked(service: ObjectKey): boolean {
    return this.#unreadable.blocks(service);
  }

  /** What is wrong with objects that cannot be understood, by key. */
  get problems(): readonly Diagnostic[] {
    return this.#unreadable.diagnostics;
  }

  /** The keys of the objects of a kind, in one namespace or in all: what a new list is compared with. */
  *objectsOf(kind: RecordKind, namespace?: string): Iterable<ObjectKey> {
    const all = {
      Service: this.services,
      EndpointSlice: this.#sliceService,
      Node: this.#nodes,
      Namespace: this.namespaces,
    };
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    for (const key of all[kind].keys()) if (key.startsWith(prefix)) yield key;
    for (const key of this.#unreadable.keysOf(kind)) if (key.startsWith(prefix) && !all[kind].has(key)) yield key;
  }

  #set(kind: RecordKind, key: ObjectKey, record: KubernetesRecord | undefined): Touched {
    if (kind === 'Service') return this.#setService(key, record as ServiceRecord | undefined);
    if (kind === 'EndpointSlice') return this.#setSlice(key, record as EndpointSliceRecord | undefined);
    if (kind === 'Namespace') {
      const changed = set(this.namespaces, key, record as NamespaceRecord | undefined);
      return changed ? { keys: [], services: [...this.servicesIn(key)] } : UNTOUCHED;
    }
    if (!set(this.#nodes, key, record as NodeRecord | undefined)) return UNTOUCHED;
    this.#sortedNodes = undefined;
    return { keys: [keys.nodes], services: [] };
  }

  #setService(key: ObjectKey, record: ServiceRecord | undefined): Touched {
    if (!set(this.services, key, record)) return UNTOUCHED;
    this.#listInNamespace(key, record !== undefined || this.blocked(key));
    return { keys: [keys.service(key)], services: [key] };
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
    return { keys: [...services].map((service) => keys.slices(service)), services: [] };
  }

  #putSlices(service: ObjectKey, slices: readonly EndpointSliceRecord[]): void {
    if (slices.length === 0) this.#slices.delete(service);
    else this.#slices.set(service, slices);
  }

  #setUnreadable(change: Extract<RecordChange, { type: 'unreadable' }>): Touched {
    const { kind, identity, diagnostic } = change;
    const held = kind === 'Service' ? this.services.has(identity.key) : this.#sliceService.has(identity.key);
    const service = kind === 'Service' ? identity.key : identity.service;
    const freed = this.#unreadable.clear(kind, identity.key);
    this.#unreadable.set({ kind, key: identity.key, diagnostic, blocks: held ? undefined : service });
    const services = [...new Set([freed, held ? undefined : service])].filter((key) => key !== undefined);
    for (const key of services) this.#listInNamespace(key, this.services.has(key) || this.blocked(key));
    return { keys: [], services };
  }

  #listInNamespace(service: ObjectKey, present: boolean): void {
    const namespace = service.slice(0, service.indexOf('/'));
    const siblings = this.#byNamespace.get(namespace) ?? new Set();
    if (present) siblings.add(service);
    else siblings.delete(service);
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
