import type { MemberConfig, MemberHealth, MonitorConfig, MonitorRuleConfig, SocketAddress } from '../model.ts';
import type { HealthView, Member } from '../pool.ts';
import { healthOf } from './rule.ts';
import { MonitorTarget } from './target.ts';
import type { TargetContext } from './target.ts';

interface Target {
  readonly target: MonitorTarget;
  readonly monitor: string;
  readonly users: Set<Member>;
}

interface Watch {
  readonly rule: MonitorRuleConfig | undefined;
  readonly targets: ReadonlyMap<string, Target>;
  /** It was taken down by a monitor with `manualResume`, and stays so until somebody resumes it. */
  isHeld: boolean;
}

/** What the surroundings give. */
export interface HealthOptions {
  /** False: nothing is probed. */
  readonly probe: boolean;
  readonly context: TargetContext;
  readonly reach: (member: MemberConfig, port: number) => SocketAddress;
  /** A member's health has changed. */
  readonly onChange: (member: Member, previous: MemberHealth) => void;
}

/**
 * Keeps the health of all watched members. Targets are shared: one per monitor, address and port, however many pools
 * use them; they exist as long as a member does.
 */
export class HealthMonitoring {
  readonly #options: HealthOptions;
  readonly #monitors = new Map<string, MonitorConfig>();
  readonly #targets = new Map<string, Target>();
  readonly #byMonitor = new Map<string, Set<Target>>();
  readonly #watches = new Map<Member, Watch>();

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** A monitor is new, has changed, or is gone (its targets then stay as they are). */
  setMonitor(fullPath: string, monitor: MonitorConfig | undefined): void {
    if (monitor === undefined) this.#monitors.delete(fullPath);
    else this.#monitors.set(fullPath, monitor);
    for (const one of this.#byMonitor.get(fullPath) ?? []) one.target.configure(monitor);
  }

  /** Watches a member by its own monitors or else the pool's; call it again when any of these may have changed. */
  watch(member: Member): void {
    const rule = member.config.monitor ?? member.pool.config.monitor;
    if (!this.#options.probe) return this.#show(member, unprobed(rule));
    const before = this.#watches.get(member);
    const targets = new Map<string, Target>();
    for (const name of rule?.monitors ?? []) {
      const key = `${name} ${member.config.address}%${member.config.routeDomain} ${member.config.port}`;
      const target = this.#targets.get(key) ?? this.#create(key, name, member);
      target.users.add(member);
      targets.set(key, target);
    }
    this.#watches.set(member, { rule, targets, isHeld: before?.isHeld === true });
    this.#release(member, before, targets);
    this.#evaluate(member);
  }

  /** A member that `manualResume` keeps down may be up again. */
  resume(member: Member): void {
    const watch = this.#watches.get(member);
    if (watch === undefined) return;
    watch.isHeld = false;
    this.#evaluate(member);
  }

  /** The member is gone. */
  unwatch(member: Member): void {
    this.#release(member, this.#watches.get(member), new Map());
    this.#watches.delete(member);
  }

  close(): void {
    for (const { target } of this.#targets.values()) target.stop();
  }

  #create(key: string, monitor: string, member: Member): Target {
    const { config } = member;
    const created: Target = {
      monitor,
      users: new Set(),
      target: new MonitorTarget(this.#options.context, {
        key,
        reach: ({ address = config.address, port = config.port }) => this.#options.reach({ ...config, address }, port),
        onChange: () => {
          for (const user of created.users) this.#evaluate(user);
        },
      }),
    };
    this.#targets.set(key, created);
    const siblings = this.#byMonitor.get(monitor) ?? new Set<Target>();
    this.#byMonitor.set(monitor, siblings.add(created));
    created.target.configure(this.#monitors.get(monitor));
    return created;
  }

  #release(member: Member, watch: Watch | undefined, kept: ReadonlyMap<string, Target>): void {
    for (const [key, one] of watch?.targets ?? []) {
      if (kept.has(key)) continue;
      one.users.delete(member);
      if (one.users.size > 0) continue;
      one.target.stop();
      this.#targets.delete(key);
      this.#byMonitor.get(one.monitor)?.delete(one);
    }
  }

  #evaluate(member: Member): void {
    const watch = this.#watches.get(member);
    if (watch === undefined) return;
    const views = [...watch.targets.values()].map((one) => one.target.view);
    const found = healthOf(views, watch.rule?.min);
    if (found.health === 'down') watch.isHeld ||= this.#keepsDown(watch);
    this.#show(member, watch.isHeld && found.health === 'up' ? { health: 'down', draining: false } : found);
  }

  /** Whether one of the monitors that say down wants to be asked before the member is up again. */
  #keepsDown({ targets }: Watch): boolean {
    return [...targets.values()].some(
      ({ target, monitor }) => target.view.status === 'down' && this.#monitors.get(monitor)?.manualResume === true,
    );
  }

  #show(member: Member, view: HealthView): void {
    const previous = member.health;
    member.view = view;
    if (member.health !== previous) this.#options.onChange(member, previous);
  }
}

/** Without probes nothing is ever known, and nothing need be kept. */
function unprobed(rule: MonitorRuleConfig | undefined): HealthView {
  return (rule?.monitors.length ?? 0) === 0 ? UNCHECKED : CHECKING;
}

const UNCHECKED: HealthView = { health: 'unchecked', draining: false };
const CHECKING: HealthView = { health: 'checking', draining: false };
