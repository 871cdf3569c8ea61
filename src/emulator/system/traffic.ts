import { cpus, totalmem } from 'node:os';
import { poolKind } from '../kinds/ltm-pool.ts';
import { virtualKind } from '../kinds/ltm-virtual.ts';
import type { TrafficCounters } from '../dataplane/model.ts';
import type { Device } from '../session/device.ts';
import { zeroCounters, type StatsSource } from '../stats/stats-source.ts';
import { below, busy, page, stat, stats, type Json } from './pages.ts';
import type { SystemResource } from './system-resource.ts';

/** The counters of several together. */
function sum(all: readonly TrafficCounters[]): TrafficCounters {
  const names = Object.keys(zeroCounters) as (keyof TrafficCounters)[];
  const totals = names.map((name) => [name, all.reduce((total, one) => total + one[name], 0)] as const);
  return Object.fromEntries(totals) as unknown as TrafficCounters;
}

interface Traffic {
  /** Between clients and virtual servers. */
  readonly client: TrafficCounters;
  /** Between pools and their members. */
  readonly server: TrafficCounters;
}

function trafficOf({ store }: Device, source: StatsSource): Traffic {
  const virtuals = [...store.collection(virtualKind).list()].map(({ fullPath }) => source.virtual(fullPath));
  const pools = [...store.collection(poolKind).list()].map(({ fullPath }) => source.pool(fullPath));
  return { client: sum(virtuals), server: sum(pools) };
}

function sideStats(side: 'clientSideTraffic' | 'serverSideTraffic', counters: TrafficCounters): Record<string, number> {
  const { bitsIn, bitsOut, curConns, maxConns, pktsIn, pktsOut, totConns } = counters;
  const numbers = { bitsIn, bitsOut, curConns, maxConns, pktsIn, pktsOut, totConns };
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [`${side}.${name}`, number]));
}

function bothSides({ client, server }: Traffic): Record<string, number> {
  return { ...sideStats('clientSideTraffic', client), ...sideStats('serverSideTraffic', server) };
}

/** `/sys/tmm-info` in the recorded form: the process of the emulator is the one traffic process (names but one K). */
const tmmInfoResource = page('sys/tmm-info', (_device, uri) => {
  const ratio = busy();
  return {
    [`${uri}/0.0`]: stats({
      fiveMinAvgUsageRatio: ratio,
      fiveSecAvgUsageRatio: ratio,
      memoryTotal: totalmem(),
      memoryUsed: process.memoryUsage().rss,
      oneMinAvgUsageRatio: ratio,
      tmmId: '0.0',
    }),
  };
});

/** `/sys/tmm-traffic` in the recorded form: what virtual servers and pools counted. */
const tmmTrafficResource = page('sys/tmm-traffic', (device, uri, source) => ({
  [`${uri}/0.0`]: stats({ ...bothSides(trafficOf(device, source)), tmmId: '0.0' }),
}));

/** `/sys/traffic`: the same of all traffic processes (K). */
const trafficResource = page('sys/traffic', (device, uri, source) => {
  const traffic = trafficOf(device, source);
  return { [`${uri}/0`]: stats({ ...bothSides(traffic), totRequests: traffic.client.totRequests }) };
});

/** `/sys/cpu`: one line a processor, under the URIs of `sys/host-info` (K). */
const cpuResource = page('sys/cpu', (_device, uri) => {
  const used = busy();
  const lines = cpus().map((_, at) => {
    const times = ['fiveSec', 'oneMin', 'fiveMin'].flatMap((span) => [
      [`${span}AvgIdle`, 100 - used] as const,
      [`${span}AvgRatio`, used] as const,
      [`${span}AvgSystem`, used] as const,
    ]);
    return [at, stats({ cpuId: at, ...Object.fromEntries(times) })] as const;
  });
  const info = below(`${uri}/0/cpuInfo`, Object.fromEntries(lines));
  return { [`${uri}/0`]: { nestedStats: { entries: { ...info, hostId: stat('0') } } } };
});

/** A line of a performance page: what it is called in its group, and numbers as words. */
function line(uri: string, [group, name]: readonly [string, string], numbers: Readonly<Record<string, number>>): Json {
  const words = Object.entries(numbers).map(([column, number]) => [column, String(Math.round(number))] as const);
  return { [`${uri}/${encodeURIComponent(name)}/stats`]: stats({ [group]: name, ...Object.fromEntries(words) }) };
}

/** Seconds since the emulator started; at least one. */
function running(): number {
  return Math.max(1, process.uptime());
}

/** Connections now. */
function open(uri: string, title: readonly [string, string], { curConns }: TrafficCounters): Json {
  return line(uri, title, { Average: curConns, Current: curConns });
}

/** What comes in a second: the emulator keeps no history, so that both columns are the average since the start. */
function rate(uri: string, title: readonly [string, string], total: number): Json {
  return line(uri, title, { Average: total / running(), Current: total / running() });
}

/** `/sys/performance/connections` (form recorded on 15.1). */
const connectionsResource = page('sys/performance/connections', (device, uri, source) => {
  const { client, server } = trafficOf(device, source);
  return {
    ...open(uri, ['Active Connections', 'Client'], client),
    ...rate(uri, ['New TCP Accepts/Connects', 'Client Accepts'], client.totConns),
    ...rate(uri, ['Total New Connections', 'Client Connections'], client.totConns),
    ...open(uri, ['Active Connections', 'Connections'], client),
    ...rate(uri, ['HTTP Requests', 'HTTP Requests'], client.totRequests),
    ...open(uri, ['Active Connections', 'Server'], server),
    ...rate(uri, ['Total New Connections', 'Server Connections'], server.totConns),
  };
});

/** `/sys/performance/throughput` (form recorded on 14.1). */
const throughputResource = page('sys/performance/throughput', (device, uri, source) => {
  const { client, server } = trafficOf(device, source);
  return {
    ...rate(uri, ['TMM ClientSide Throughput', 'Client Bits In'], client.bitsIn),
    ...rate(uri, ['TMM ClientSide Throughput', 'Client Bits Out'], client.bitsOut),
    ...rate(uri, ['Throughput(packets)', 'In'], client.pktsIn),
    ...rate(uri, ['Throughput(packets)', 'Out'], client.pktsOut),
    ...rate(uri, ['TMM ServerSide Throughput', 'Server Bits In'], server.bitsIn),
    ...rate(uri, ['TMM ServerSide Throughput', 'Server Bits Out'], server.bitsOut),
  };
});

/** Pages of what goes through the box. */
export const trafficResources: readonly SystemResource[] = [
  tmmInfoResource,
  tmmTrafficResource,
  trafficResource,
  cpuResource,
  connectionsResource,
  throughputResource,
];
