import { isDeepStrictEqual } from 'node:util';

import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { BlockAffinityRecord, IpamBlockRecord } from '../kubernetes/model-network.ts';
import type { NodeRecord } from '../kubernetes/model.ts';
import type { KubernetesRecord, RecordKind } from '../kubernetes/records.ts';
import { keyOf } from '../kubernetes/records.ts';
import type { RecordChange } from '../kubernetes/store.ts';
import { readEtcdLease } from './flannel/lease.ts';
import type { ReadLease } from './flannel/lease.ts';
import { readNetConf } from './flannel/net-conf.ts';
import type { SeenNetConf } from './flannel/net-conf.ts';
import { keys } from './keys.ts';
import { FLANNEL_CONFIG } from './scopes.ts';

const NOTHING: ReadonlySet<string> = new Set();

/**
 * What is known of the pod network. A change touches its own keys alone; a record equal to the one held changes nothing.
 * An object that cannot be understood keeps its last good record; if there is none, `doubt` says that something is there
 * which is not known.
 */
export class NetworkFacts {
  readonly #records = new Map<RecordKind, Map<string, KubernetesRecord>>();
  readonly #unreadable = new Map<string, Diagnostic>();
  /** Of each node: its blocks, and its addresses in blocks of others, by the object that says so. */
  readonly #blocks = new Map<string, Map<string, string>>();
  readonly #borrowed = new Map<string, Map<string, readonly string[]>>();
  readonly #leases = new Map<string, ReadLease>();
  #etcdConf: string | undefined;
  #netConf: SeenNetConf = {};

  /** Takes a change; gives the keys whose values changed. */
  apply(change: RecordChange): ReadonlySet<string> {
    const kind = change.type === 'put' ? change.record.kind : change.kind;
    const key = change.type === 'unreadable' ? change.identity.key : keyOfChange(change);
    const id = `${kind}/${key}`;
    if (change.type === 'unreadable') {
      this.#unreadable.set(id, change.diagnostic);
      return NOTHING;
    }
    this.#unreadable.delete(id);
    const records = this.#of(kind);
    const before = records.get(key);
    const after = change.type === 'put' ? change.record : undefined;
    if (isDeepStrictEqual(before, after)) return NOTHING;
    if (after === undefined) records.delete(key);
    else records.set(key, after);
    return this.#touched(before, after);
  }

  /** Takes a subnet out of etcd, or that it is gone; gives the keys whose values changed. */
  setLease(key: string, value: string | undefined): ReadonlySet<string> {
    const before = this.#leases.get(key);
    const after = value === undefined ? undefined : readEtcdLease(key, value);
    if (isDeepStrictEqual(before, after)) return NOTHING;
    if (after === undefined) this.#leases.delete(key);
    else this.#leases.set(key, after);
    return new Set([keys.lease(key)]);
  }

  /** The keys of the subnets out of etcd. */
  leases(): Iterable<string> {
    return this.#leases.keys();
  }

  /** Takes flannel's own configuration out of etcd. */
  setNetConf(text: string | undefined): ReadonlySet<string> {
    if (this.#etcdConf === text) return NOTHING;
    this.#etcdConf = text;
    this.#renewNetConf();
    return new Set([keys.netConf]);
  }

  /** The value of a key of extraction. */
  lookup(key: string): unknown {
    if (key === keys.netConf) return this.#netConf;
    if (key.startsWith(keys.lease(''))) return this.#leases.get(key.slice(keys.lease('').length));
    const slash = key.indexOf('/');
    const [kind, name] = [key.slice(0, slash), key.slice(slash + 1)];
    if (kind === 'Blocks') return listed([...(this.#blocks.get(name)?.values() ?? [])]);
    if (kind === 'Borrowed') return listed([...(this.#borrowed.get(name)?.values() ?? [])].flat());
    return this.#of(kind as RecordKind).get(name);
  }

  node(name: string): NodeRecord | undefined {
    return this.#of('Node').get(name) as NodeRecord | undefined;
  }

  /** The keys of the objects of a kind: what a new list is compared with. */
  *known(kind: RecordKind, namespace?: string): Iterable<string> {
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    const records = this.#of(kind);
    for (const key of records.keys()) if (key.startsWith(prefix)) yield key;
    for (const id of this.#unreadable.keys()) {
      const key = id.slice(kind.length + 1);
      if (id.startsWith(`${kind}/${prefix}`) && !records.has(key)) yield key;
    }
  }

  /** Something is there that was never understood: what is missing may be that. */
  get doubt(): boolean {
    return [...this.#unreadable.keys()].some((id) => {
      const slash = id.indexOf('/');
      return !this.#of(id.slice(0, slash) as RecordKind).has(id.slice(slash + 1));
    });
  }

  /** What is wrong with objects that cannot be understood, by key. */
  get problems(): readonly Diagnostic[] {
    return [...this.#unreadable].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, diagnostic]) => diagnostic);
  }

  /** What cannot be understood leaves what was known: the tunnel is not made anew for a slip. */
  #renewNetConf(): void {
    const own = [...this.#of('ConfigMap').values()].find(({ name }) => name === FLANNEL_CONFIG);
    const text = this.#etcdConf ?? (own?.kind === 'ConfigMap' ? own.netConf : undefined);
    const seen = text === undefined ? {} : readNetConf(text);
    this.#netConf = seen.problem === undefined ? seen : { ...seen, conf: this.#netConf.conf };
  }

  #of(kind: RecordKind): Map<string, KubernetesRecord> {
    const known = this.#records.get(kind);
    if (known !== undefined) return known;
    const made = new Map<string, KubernetesRecord>();
    this.#records.set(kind, made);
    return made;
  }

  #touched(before: KubernetesRecord | undefined, after: KubernetesRecord | undefined): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const record of [before, after]) {
      if (record === undefined) continue;
      const isNow = record === after;
      if (record.kind === 'BlockAffinity') this.#setBlock(record, isNow, touched);
      else if (record.kind === 'IPAMBlock') this.#setBorrowed(record, isNow, touched);
      else if (record.kind === 'ConfigMap') {
        this.#renewNetConf();
        touched.add(keys.netConf);
      } else touched.add(`${record.kind}/${keyOf(record)}`);
    }
    return touched;
  }

  #setBlock({ name, node, cidr, inForce }: BlockAffinityRecord, isNow: boolean, touched: Set<string>): void {
    setOf(this.#blocks, node, { name, value: isNow && inForce ? cidr : undefined });
    touched.add(keys.blocks(node));
  }

  #setBorrowed({ name, borrowed }: IpamBlockRecord, isNow: boolean, touched: Set<string>): void {
    const byNode = Map.groupBy(borrowed, ({ node }) => node);
    for (const [node, items] of byNode) {
      setOf(this.#borrowed, node, { name, value: isNow ? items.map(({ address }) => address) : undefined });
      touched.add(keys.borrowed(node));
    }
  }
}

function keyOfChange(change: Exclude<RecordChange, { readonly type: 'unreadable' }>): string {
  return change.type === 'put' ? keyOf(change.record) : change.key;
}

function listed(texts: readonly string[]): readonly string[] {
  return texts.toSorted();
}

function setOf<T>(
  map: Map<string, Map<string, T>>,
  node: string,
  { name, value }: { readonly name: string; readonly value: T | undefined },
): void {
  const items = map.get(node) ?? new Map<string, T>();
  if (value === undefined) items.delete(name);
  else items.set(name, value);
  if (items.size === 0) map.delete(node);
  else map.set(node, items);
}
