import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { select, type Selection } from './balance/modes.ts';
import { Rotation } from './balance/rotation.ts';
import { orderedRecords, topologyScore } from './balance/topology.ts';
import type { DnsCounters } from './counters.ts';
import type { DnsPersistence } from './persistence.ts';
import { globalSetting } from './settings.ts';
import { isEnabled, isUp, membersOf, StatusView, targetOf, type Status } from './status.ts';

/** What a wide IP gives a client. */
export type Outcome =
  | { readonly to: 'members'; readonly pool: ConfigObject; readonly members: readonly ConfigObject[] }
  | { readonly to: 'address'; readonly pool: ConfigObject; readonly address: string }
  /** What BIND would say. */
  | { readonly to: 'dns' }
  /** No answer at all. */
  | { readonly to: 'nowhere' }
  /** `failureRcode`. */
  | { readonly to: 'rcode' };

/** What a resolver works on. */
export interface ResolverContext {
  readonly device: Device;
  readonly counters: DnsCounters;
  readonly persistence: DnsPersistence;
  /** 0 to 1. */
  readonly random: () => number;
}

interface Offered {
  readonly pool: ConfigObject;
  readonly ratio: number;
}

type Method = 'preferred' | 'alternate' | 'fallback';

function usable(status: Status): boolean {
  return status.enabled === 'enabled' && isUp(status);
}

/** Chooses pools and members for clients (BIG-IP DNS load balancing; K where no recording says). */
export class Resolver {
  readonly device: Device;
  readonly rotation = new Rotation();
  readonly status: StatusView;
  readonly #context: ResolverContext;
  #topology: readonly ConfigObject[] | undefined;

  constructor(context: ResolverContext) {
    this.#context = context;
    this.device = context.device;
    this.status = new StatusView(context.device);
  }

  /** Topology records in the order in which they count. */
  topology(): readonly ConfigObject[] {
    this.#topology ??= orderedRecords(this.device);
    return this.#topology;
  }

  /** Topology records, or how they are looked at, have changed. */
  topologyChanged(): void {
    this.#topology = undefined;
  }

  /**
   * What a wide IP gives a client: where it persists, else by the pools that are available, else the last resort pool,
   * else the fallback method of the pool that would have been first, which looks at no availability unless
   * `respectFallbackDependency` says so.
   */
  resolve(wideip: ConfigObject, client: string): Outcome {
    const { counters } = this.#context;
    counters.count(wideip, 'requests');
    if (!isEnabled(wideip)) {
      counters.count(wideip, 'returnToDns');
      return { to: 'dns' };
    }
    const persisted = this.#persisted(wideip, client);
    if (persisted !== undefined) {
      counters.count(wideip, 'persisted');
      return persisted;
    }
    const enabled = this.status.poolsOf(wideip).filter(({ pool }) => isEnabled(pool));
    const outcome = this.#byPools(wideip, enabled, client) ?? this.#lastResort(wideip, client);
    if (outcome !== undefined) {
      return outcome;
    }
    const failed = this.#failed(wideip, enabled[0]?.pool, client);
    if (failed.to === 'rcode') {
      counters.count(wideip, 'rcode');
    }
    return failed;
  }

  /** No pool can be used: the fallback method of the first; `failureRcode`, if asked for, instead of what BIND says. */
  #failed(wideip: ConfigObject, first: ConfigObject | undefined, client: string): Outcome {
    const hasRcode = wideip.values['failureRcodeResponse'] === 'enabled';
    const mode = first === undefined ? 'none' : (textOf(first, 'fallbackMode') ?? 'return-to-dns');
    if (first !== undefined && !(hasRcode && mode === 'return-to-dns')) {
      const fallback = this.#fallBack(wideip, first, client);
      if (fallback !== undefined) {
        return fallback;
      }
    }
    if (hasRcode) {
      return { to: 'rcode' };
    }
    this.#context.counters.count(wideip, 'returnToDns');
    return { to: 'dns' };
  }

  /** Pools that are available, by the mode of the wide IP; one that gives nothing makes room for the next. */
  #byPools(wideip: ConfigObject, enabled: readonly Offered[], client: string): Outcome | undefined {
    let open = enabled.filter(({ pool }) => usable(this.status.pool(pool)) || !verifies(pool));
    while (open.length > 0) {
      const chosen = this.#choosePool(wideip, open, client);
      if (chosen === undefined) {
        return undefined;
      }
      const outcome = this.#byMethods(wideip, chosen.pool, client);
      if (outcome !== undefined) {
        return outcome;
      }
      open = open.filter((each) => each !== chosen);
    }
    return undefined;
  }

  #choosePool(wideip: ConfigObject, open: readonly Offered[], client: string): Offered | undefined {
    const owner = `${wideip.kind.path} ${wideip.fullPath}`;
    const take = (offered: readonly Offered[], weightOf: (each: Offered) => number): Offered | undefined =>
      this.rotation.next(
        owner,
        offered.map((each) => ({
          ...each,
          key: `${each.pool.kind.path} ${each.pool.fullPath}`,
          weight: weightOf(each),
        })),
      );
    const found = this.#byMode(textOf(wideip, 'poolLbMode') ?? 'round-robin', open, { client, take });
    return open.find(({ pool }) => pool === found?.pool);
  }

  #byMode(
    mode: string,
    open: readonly Offered[],
    by: {
      readonly client: string;
      readonly take: (offered: readonly Offered[], weightOf: (each: Offered) => number) => Offered | undefined;
    },
  ): Offered | undefined {
    switch (mode) {
      case 'global-availability':
        return open[0];
      case 'random':
        return open[Math.floor(this.#context.random() * open.length)];
      case 'ratio':
        return by.take(open, ({ ratio }) => ratio);
      case 'topology': {
        const scores = new Map(open.map((each) => [each, this.#poolScore(each.pool, by.client)]));
        const best = Math.max(...scores.values());
        return by.take(
          open.filter((each) => scores.get(each) === best),
          () => 1,
        );
      }
      default:
        return by.take(open, () => 1);
    }
  }

  #poolScore(pool: ConfigObject, client: string): number {
    const from = { device: this.device, records: this.topology() };
    const datacenters = membersOf(pool, this.device)
      .map((member) => targetOf(member, this.device))
      .flatMap((target) => (target === undefined ? [] : [textOf(target.server, 'datacenter') ?? '']));
    const places = [...new Set(datacenters)].map((datacenter) => ({ pool: pool.fullPath, datacenter }));
    const all = places.length === 0 ? [{ pool: pool.fullPath }] : places;
    return Math.max(...all.map((place) => topologyScore(client, place, from)));
  }

  /** The preferred and the alternate method of a pool. */
  #byMethods(wideip: ConfigObject, pool: ConfigObject, client: string): Outcome | undefined {
    const members = membersOf(pool, this.device).filter((member) => {
      const status = this.status.member(member, pool);
      return verifies(pool) ? usable(status) : status.enabled === 'enabled';
    });
    for (const method of ['preferred', 'alternate'] as const) {
      const mode = textOf(pool, method === 'preferred' ? 'loadBalancingMode' : 'alternateMode') ?? 'round-robin';
      const selection = select(mode, { pool, members, client, most: mostOf(pool) }, this);
      if (selection !== undefined) {
        return this.#take(wideip, selection, { pool, method, client });
      }
    }
    return undefined;
  }

  #lastResort(wideip: ConfigObject, client: string): Outcome | undefined {
    const [type = '', path = ''] = (textOf(wideip, 'lastResortPool') ?? '').split(' ');
    const pool = this.device.store.lookup(`gtm/pool/${type}`, path);
    if (pool === undefined || !isEnabled(pool)) {
      return undefined;
    }
    return this.#byMethods(wideip, pool, client) ?? this.#fallBack(wideip, pool, client);
  }

  #fallBack(wideip: ConfigObject, pool: ConfigObject, client: string): Outcome | undefined {
    const mode = textOf(pool, 'fallbackMode') ?? 'return-to-dns';
    const respects = globalSetting(this.device, 'load-balancing', 'respectFallbackDependency') === 'yes';
    const members = membersOf(pool, this.device).filter((member) =>
      respects ? usable(this.status.member(member, pool)) : isEnabled(member),
    );
    const selection = select(mode, { pool, members, client, most: mostOf(pool) }, this);
    return selection === undefined ? undefined : this.#take(wideip, selection, { pool, method: 'fallback', client });
  }

  /** Counts what was chosen, and remembers it when the wide IP persists. */
  #take(
    wideip: ConfigObject,
    selection: Selection,
    by: { readonly pool: ConfigObject; readonly method: Method; readonly client: string },
  ): Outcome {
    const { counters, persistence } = this.#context;
    const { pool, method, client } = by;
    switch (selection.to) {
      case 'dns':
        [wideip, pool].forEach((each) => counters.count(each, 'returnToDns'));
        return { to: 'dns' };
      case 'nowhere':
        [wideip, pool].forEach((each) => counters.count(each, 'dropped'));
        return { to: 'nowhere' };
      case 'address':
        [wideip, pool].forEach((each) => counters.count(each, method));
        return { to: 'address', pool, address: selection.address };
      default: {
        const { members } = selection;
        [wideip, pool, ...members].forEach((each) => counters.count(each, method));
        if (wideip.values['persistence'] === 'enabled' && method !== 'fallback') {
          const names = members.map((member) => member.fullPath);
          persistence.keep(wideip, client, { pool: `${pool.kind.path} ${pool.fullPath}`, members: names });
        }
        return { to: 'members', pool, members };
      }
    }
  }

  /** Where a client was sent before, as long as that can be used; switched off, it is used up (`drainPersistentRequests`). */
  #persisted(wideip: ConfigObject, client: string): Outcome | undefined {
    if (wideip.values['persistence'] !== 'enabled') {
      return undefined;
    }
    const entry = this.#context.persistence.find(wideip, client);
    const drains = globalSetting(this.device, 'general', 'drainPersistentRequests') !== 'no';
    const offered = this.status
      .poolsOf(wideip)
      .find(({ pool }) => `${pool.kind.path} ${pool.fullPath}` === entry?.pool);
    if (entry === undefined || offered === undefined || (!drains && !isEnabled(offered.pool))) {
      return undefined;
    }
    const { pool } = offered;
    const members = membersOf(pool, this.device).filter((member) => {
      const status = this.status.member(member, pool);
      return entry.members.includes(member.fullPath) && isUp(status) && (drains || status.enabled === 'enabled');
    });
    return members.length === 0 ? undefined : { to: 'members', pool, members };
  }
}

/** How many answers a pool gives at once. */
function mostOf(pool: ConfigObject): number {
  return Number(pool.values['maxAnswersReturned'] ?? 1);
}

/** Whether a pool looks at its members' availability (`verifyMemberAvailability`). */
function verifies(pool: ConfigObject): boolean {
  return pool.values['verifyMemberAvailability'] !== 'disabled';
}
