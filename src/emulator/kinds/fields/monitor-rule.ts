import { grammarError } from '../../errors/device-error.ts';
import { invalidValue } from '../../errors/mcp.ts';
import type { Field, FieldOptions } from '../field.ts';
import { asText } from './scalars.ts';

/** A parsed monitor rule: all of `monitors`, or at least `min` of them. */
export interface MonitorRule {
  readonly min?: number;
  readonly monitors: readonly string[];
}

const minimum = /^min\s+(\d+)\s+of\s+\{?\s*([^\{\}]*?)\s*\}?$/v;

/** Reads `/Common/http and /Common/tcp `, `min 1 of { a b }`, with or without braces. */
export function parseMonitorRule(text: string, resolve: (name: string) => string): MonitorRule {
  const match = minimum.exec(text);
  if (match !== null) {
    const monitors = (match[2] ?? '').split(/\s+/v).filter((name) => name !== '');
    return { min: Number(match[1]), monitors: monitors.map(resolve) };
  }
  const parts = text.split(/\s+and\s+|\s+/v).filter((name) => name !== '');
  return { monitors: parts.map(resolve) };
}

/** Prints a rule as the device does: absolute names, one blank after the last (fact sheet 8.2). */
export function formatMonitorRule(rule: MonitorRule): string {
  return rule.min === undefined
    ? `${rule.monitors.join(' and ')} `
    : `min ${rule.min} of { ${rule.monitors.join(' ')} }`;
}

/** Of nodes and members: explicitly not monitored, as the device prints it. */
export const noMonitor = '/Common/none ';

/** Full paths of the monitors in a stored rule. */
export function monitorsOf(value: unknown): readonly string[] {
  return typeof value !== 'string' || value === 'default' || value === noMonitor
    ? []
    : parseMonitorRule(value, (name) => name).monitors;
}

/** The `monitor` property. With `inherits`, `default` means the parent's monitor and is what an unset one shows. */
export function monitorRule(inherits: boolean, options: FieldOptions = {}): Field {
  return {
    ...(inherits ? { default: 'default' } : {}),
    ...options,
    name: 'monitor',
    reference: { target: 'monitor', paths: monitorsOf, noTwin: true },
    parse: (value, context) => {
      const given = value === null ? '' : asText(value, 'monitor').trim();
      if (given === '' || given === 'none' || (inherits && given === 'default')) {
        return undefined;
      }
      if (given === noMonitor.trim()) {
        return inherits ? noMonitor : undefined;
      }
      const rule = parseMonitorRule(given, (name) => context.resolve('monitor', name));
      if (rule.monitors.length === 0 || rule.monitors.some((name) => /[\{\}]/v.test(name))) {
        throw invalidValue('monitor', value);
      }
      if (rule.min !== undefined && (rule.min < 1 || rule.min > rule.monitors.length)) {
        throw grammarError(`min: ${rule.min} of ${rule.monitors.length} monitors`);
      }
      return formatMonitorRule(rule);
    },
  };
}
