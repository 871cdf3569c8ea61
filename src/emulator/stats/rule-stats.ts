import { textOf, type ConfigObject } from '../store/object.ts';
import { description, value, type Stats } from './entries.ts';

const eventPattern = /^\s*when\s+([A-Z][A-Z0-9_]*)(?:\s+priority\s+(\d{1,4}))?/gmv;

/** The priority of an event that names none. */
const defaultPriority = 500;

/**
 * Statistics of an iRule, one entry an event; the name of an event goes into the key of its entry (recorded 14.1, fact
 * sheet 9). The emulator runs no iRules: nothing counts.
 */
export function ruleStats(rule: ConfigObject): ReadonlyMap<string, Stats> {
  const zero = value(0);
  const events = new Map<string, Stats>();
  for (const [, event = '', priority] of (textOf(rule, 'apiAnonymous') ?? '').matchAll(eventPattern)) {
    events.set(event, {
      aborts: zero,
      avgCycles: zero,
      eventType: description(event),
      failures: zero,
      maxCycles: zero,
      minCycles: zero,
      tmName: description(rule.fullPath),
      priority: value(priority === undefined ? defaultPriority : Number(priority)),
      totalExecutions: zero,
    });
  }
  return events;
}
