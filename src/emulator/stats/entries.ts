import type { TrafficCounters } from '../dataplane/model.ts';
import type { QueueCounters } from '../dataplane/pool-queue.ts';

/** One statistic: a number or a word. */
export type Stat = { readonly value: number } | { readonly description: string };
/** Statistics by name. */
export type Stats = Readonly<Record<string, Stat | Readonly<Record<string, unknown>>>>;

/** A number. */
export function value(number: number): Stat {
  return { value: number };
}

/** A word. */
export function description(text: string): Stat {
  return { description: text };
}

/** Numbers that the emulator does not measure. */
export function zeros(prefix: string, names: readonly string[]): Stats {
  return Object.fromEntries(names.map((name) => [`${prefix}${name}`, value(0)]));
}

/** `clientside.*` with eviction counters, as virtual servers and addresses have them. */
export function clientside(prefix: 'clientside' | 'ephemeral', counters: TrafficCounters): Stats {
  return {
    [`${prefix}.bitsIn`]: value(counters.bitsIn),
    [`${prefix}.bitsOut`]: value(counters.bitsOut),
    [`${prefix}.curConns`]: value(counters.curConns),
    [`${prefix}.evictedConns`]: value(0),
    [`${prefix}.maxConns`]: value(counters.maxConns),
    [`${prefix}.pktsIn`]: value(counters.pktsIn),
    [`${prefix}.pktsOut`]: value(counters.pktsOut),
    [`${prefix}.slowKilled`]: value(0),
    [`${prefix}.totConns`]: value(counters.totConns),
  };
}

/** `serverside.*`, as pools, members and nodes have them. */
export function serverside(counters: TrafficCounters): Stats {
  return {
    'serverside.bitsIn': value(counters.bitsIn),
    'serverside.bitsOut': value(counters.bitsOut),
    'serverside.curConns': value(counters.curConns),
    'serverside.maxConns': value(counters.maxConns),
    'serverside.pktsIn': value(counters.pktsIn),
    'serverside.pktsOut': value(counters.pktsOut),
    'serverside.totConns': value(counters.totConns),
  };
}

/** A connection queue. */
export function queue(prefix: string, counters: QueueCounters): Stats {
  return {
    [`${prefix}ageEdm`]: value(counters.ageEdm),
    [`${prefix}ageEma`]: value(counters.ageEma),
    [`${prefix}ageHead`]: value(counters.ageHead),
    [`${prefix}ageMax`]: value(counters.ageMax),
    [`${prefix}depth`]: value(counters.depth),
    [`${prefix}serviced`]: value(counters.serviced),
  };
}

/** Adds up counters of parts. */
export function sum(parts: readonly TrafficCounters[], zero: TrafficCounters): TrafficCounters {
  return parts.reduce(
    (total, part) => ({
      bitsIn: total.bitsIn + part.bitsIn,
      bitsOut: total.bitsOut + part.bitsOut,
      pktsIn: total.pktsIn + part.pktsIn,
      pktsOut: total.pktsOut + part.pktsOut,
      curConns: total.curConns + part.curConns,
      maxConns: total.maxConns + part.maxConns,
      totConns: total.totConns + part.totConns,
      totRequests: total.totRequests + part.totRequests,
    }),
    zero,
  );
}
