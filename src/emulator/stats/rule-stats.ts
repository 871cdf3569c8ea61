import { textOf, type ConfigObject } from '../store/object.ts';
import { description, value, type Stats } from './entries.ts';
import type { StatsSource } from './stats-source.ts';

const eventPattern = /^\s*when\s+([A-Z][A-Z0-9_]*)(?:\s+priority\s+(\d{1,4}))?/gmv;

/** The priority of an event that names none. */
const defaultPriority = 500;

/**
 * Statistics of an iRule, one entry an event; the name of an event goes into the key of its entry (recorded 14.1, fact
 * sheet 9). Cycles are not measured.
 */
export function ruleStats(rule: ConfigObject, source: StatsSource): ReadonlyMap<string, Stats> {
  const counts = source.rule(rule.fullPath);
  const zero = value(0);
  const events = new Map<string, Stats>();
  for (const [, event = '', priority] of (textOf(rule, 'apiAnonymous') ?? '').matchAll(eventPattern)) {
    events.set(event, {
      // A rule that fails resets the connection (K).
      aborts: value(counts?.get(event)?.failures ?? 0),
      avgCycles: zero,
      eventType: description(event),
      failures: value(counts?.get(event)?.failures ?? 0),
      maxCycles: zero,
      minCycles: zero,
      tmName: description(rule.fullPath),
      priority: value(priority === undefined ? defaultPriority : Number(priority)),
      totalExecutions: value(counts?.get(event)?.executions ?? 0),
    });
  }
  return events;
}
