import type { HealthMonitoring } from './health/health-monitoring.ts';
import type { MemberHealth, NodeConfig } from './model.ts';
import { idleNode, Member, Pool } from './pool.ts';
import type { PlaneClock } from './scheduler.ts';

/** What nodes are watched by. */
export interface NodesOptions {
  readonly clock: PlaneClock;
  readonly health: () => HealthMonitoring;
  /** A member's health has changed with its node's. */
  readonly onChange: (member: Member, previous: MemberHealth) => void;
}

/** Nodes with monitors of their own: when one is down, so are all members with its address. */
export class Nodes {
  readonly #options: NodesOptions;
  /** All nodes as members of a pool that nobody sends anything to. */
  readonly #pool: Pool;
  readonly #nodes = new Map<string, Member>();
  /** Members of pools by the node that they name. */
  readonly #members = new Map<string, Set<Member>>();

  constructor(options: NodesOptions) {
    this.#options = options;
    const config = { fullPath: '', loadBalancingMode: 'round-robin', minActiveMembers: 0, serviceDownAction: 'none' };
    this.#pool = new Pool({ ...config, members: [] }, options.clock);
  }

  /** A node is there, or was written: what `manualResume` keeps down may be up again. Without monitors it is not watched. */
  set(fullPath: string, config: NodeConfig | undefined): void {
    const known = this.#nodes.get(fullPath);
    if (config?.monitor === undefined) {
      if (known === undefined) return;
      this.#options.health().unwatch(known);
      this.#nodes.delete(fullPath);
      return this.#tell(fullPath, 'unchecked');
    }
    const member = known ?? new Member(asMember(fullPath, config), this.#pool, idleNode());
    member.configure(asMember(fullPath, config), this.#options.clock.now());
    this.#nodes.set(fullPath, member);
    this.#options.health().watch(member);
    this.#options.health().resume(member);
    this.#tell(fullPath, member.view.health);
  }

  health(fullPath: string): MemberHealth {
    return this.#nodes.get(fullPath)?.view.health ?? 'unchecked';
  }

  /** A member of a pool is there. */
  attach(member: Member): void {
    const { node } = member.config;
    if (node === undefined) return;
    this.#members.set(node, (this.#members.get(node) ?? new Set()).add(member));
    this.#give(member, this.health(node));
  }

  /** A member of a pool is gone. */
  detach(member: Member): void {
    const { node = '' } = member.config;
    const members = this.#members.get(node);
    members?.delete(member);
    if (members?.size === 0) this.#members.delete(node);
  }

  /** Takes over a change of health if it is a node's; says whether it was. */
  takes(member: Member): boolean {
    if (member.pool !== this.#pool) return false;
    this.#tell(member.config.fullPath, member.view.health);
    return true;
  }

  #tell(fullPath: string, health: MemberHealth): void {
    for (const member of this.#members.get(fullPath) ?? []) this.#give(member, health);
  }

  #give(member: Member, health: MemberHealth): void {
    const previous = member.health;
    member.nodeHealth = health;
    if (member.health !== previous) this.#options.onChange(member, previous);
  }
}

function asMember(fullPath: string, { address, routeDomain, monitor }: NodeConfig): Member['config'] {
  const state = { session: 'user-enabled', state: 'user-up' } as const;
  const limits = { ratio: 1, priorityGroup: 0, connectionLimit: 0 };
  return {
    fullPath,
    address,
    routeDomain,
    port: 0,
    ...state,
    ...limits,
    ...(monitor === undefined ? {} : { monitor }),
  };
}
