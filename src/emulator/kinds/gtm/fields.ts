import type { Field } from '../field.ts';
import { flags } from '../fields/flags.ts';
import { monitorRule, monitorsOf } from '../fields/monitor-rule.ts';
import { integer, toggle } from '../fields/scalars.ts';
import { notFound } from '../../errors/mcp.ts';

/** Name space of the monitors of `gtm`: `/Common/http` there is not the one of `ltm`. */
export const gtmMonitorClass = 'gtm-monitor';

/** `enabled` and `disabled`, enabled by default. */
export function enabledFlags(): Field {
  return flags(['enabled', 'disabled'], { default: 'enabled' });
}

/** A limit and whether it holds: `limitMaxBps`, `limitMaxBpsStatus`. */
function limit(name: string): readonly Field[] {
  return [integer(name, 0), toggle(`${name}Status`)];
}

/** Limits of traffic. */
export function trafficLimits(): readonly Field[] {
  return ['limitMaxBps', 'limitMaxConnections', 'limitMaxPps'].flatMap(limit);
}

/** Limits of a server's machine. */
export function machineLimits(): readonly Field[] {
  return ['limitCpuUsage', 'limitMemAvail'].flatMap(limit);
}

/** `monitor` over the monitors of `gtm`. With `inherits`, an unset one shows `default`. */
export function gtmMonitorRule(inherits: boolean): Field {
  const base = monitorRule(inherits);
  return {
    ...base,
    reference: {
      target: gtmMonitorClass,
      paths: monitorsOf,
      noTwin: true,
      missing: (_owner, target) => notFound('monitor', target),
    },
    parse: (value, context) =>
      base.parse?.(value, { ...context, resolve: (_class, name) => context.resolve(gtmMonitorClass, name) }),
  };
}
