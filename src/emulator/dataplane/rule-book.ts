import type { CompiledRule } from '../irules/compile.ts';
import { compileRule, RuleSyntaxError } from '../irules/compile.ts';
import { RuleSet } from '../irules/engine.ts';
import type { DataGroup, PoolView, RuleHost } from '../irules/flow.ts';
import { SessionTable } from '../irules/table.ts';
import type { RuleConfig } from './model.ts';
import type { Pool } from './pool.ts';
import type { SnatPools } from './snat-pools.ts';

/** How often an event of an iRule ran, and how often it failed. */
export interface RuleCount {
  readonly executions: number;
  readonly failures: number;
}

/** Lines of the log that are kept. */
const LOG_LINES = 1000;

/** What rules can name. */
interface Objects {
  readonly pools: ReadonlyMap<string, Pool>;
  readonly virtuals: ReadonlyMap<string, unknown>;
  readonly snatPools: SnatPools;
}

/** What iRules of all virtual servers share: data-groups, the session table, counters and their log. */
export class RuleBook implements RuleHost {
  readonly table: SessionTable;
  readonly lines: string[] = [];
  readonly #dataGroups = new Map<string, DataGroup>();
  readonly #counts = new Map<string, Map<string, { executions: number; failures: number }>>();
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly #virtuals: ReadonlyMap<string, unknown>;

  readonly #snatPools: SnatPools;

  constructor({ pools, virtuals, snatPools }: Objects) {
    this.#pools = pools;
    this.#virtuals = virtuals;
    this.#snatPools = snatPools;
    this.table = new SessionTable(() => this.now());
  }

  now(): number {
    return Date.now();
  }

  setDataGroup(fullPath: string, group: DataGroup | undefined): void {
    if (group === undefined) this.#dataGroups.delete(fullPath);
    else this.#dataGroups.set(fullPath, group);
  }

  dataGroup(fullPath: string): DataGroup | undefined {
    return this.#dataGroups.get(fullPath);
  }

  pool(fullPath: string): PoolView | undefined {
    const pool = this.#pools.get(fullPath);
    if (pool === undefined) return undefined;
    const members = [...pool.members.values()].map((member) => ({
      fullPath: member.config.fullPath,
      address: member.config.address,
      port: member.config.port,
      isActive: member.isAlive() && member.isEnabled(),
    }));
    return { members };
  }

  hasVirtual(fullPath: string): boolean {
    return this.#virtuals.has(fullPath);
  }

  hasSnatPool(fullPath: string): boolean {
    return this.#snatPools.has(fullPath);
  }

  log(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LOG_LINES) this.lines.shift();
  }

  ran(rule: string, event: string, outcome: 'done' | 'failed'): void {
    const events = this.#counts.get(rule) ?? new Map<string, { executions: number; failures: number }>();
    const count = events.get(event) ?? { executions: 0, failures: 0 };
    count.executions += 1;
    if (outcome === 'failed') count.failures += 1;
    events.set(event, count);
    this.#counts.set(rule, events);
  }

  counts(rule: string): ReadonlyMap<string, RuleCount> | undefined {
    return this.#counts.get(rule);
  }

  /** The rules of a virtual server, ready to run; undefined without any. `RULE_INIT` runs now. */
  ruleSet(rules: readonly RuleConfig[]): RuleSet | undefined {
    const compiled = rules.flatMap((rule) => this.#compile(rule));
    return compiled.length === 0 ? undefined : new RuleSet(compiled, this);
  }

  /** A rule that cannot be read was refused when it was made; one that slipped through is left out, and logged. */
  #compile({ fullPath, text }: RuleConfig): readonly CompiledRule[] {
    try {
      return [compileRule(fullPath, text)];
    } catch (error) {
      if (!(error instanceof RuleSyntaxError)) throw error;
      this.log(`01220001:3: TCL error: ${fullPath} - ${error.message}`);
      return [];
    }
  }
}
