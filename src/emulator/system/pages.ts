import { cpus, loadavg } from 'node:os';
import type { Device } from '../session/device.ts';
import type { StatsSource } from '../stats/stats-source.ts';
import type { SystemResource } from './system-resource.ts';

/** A JSON object. */
export type Json = Record<string, unknown>;

/** What the URIs in pages begin with. */
export const base = 'https://localhost/mgmt/tm/';

/** A statistic: a number, or words. */
export function stat(value: number | string): Json {
  return typeof value === 'number' ? { value } : { description: value };
}

/** Statistics by name, as what stands under one URI. */
export function stats(values: Readonly<Record<string, number | string>>): Json {
  const entries = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, stat(value)]));
  return { nestedStats: { entries } };
}

/** What is known under several URIs below one: `{"<uri>": {nestedStats: {entries: {"<uri>/<key>": ...}}}}`. */
export function below(uri: string, parts: Readonly<Record<string, Json>>): Json {
  const entries = Object.fromEntries(Object.entries(parts).map(([key, part]) => [`${uri}/${key}`, part]));
  return { [uri]: { nestedStats: { entries } } };
}

/** A page of statistics of the machine. */
export function page(
  path: string,
  entries: (device: Device, uri: string, source: StatsSource) => Json,
): SystemResource {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return {
    path,
    get: (device, source) => ({
      kind: `tm:${path.replaceAll('/', ':')}:${last}stats`,
      selfLink: `${base}${path}?ver=${device.version.full}`,
      entries: entries(device, `${base}${path}`, source),
    }),
  };
}

/** Percent of one processor that was busy over a minute. */
export function busy(): number {
  const [oneMinute = 0] = loadavg();
  return Math.min(100, Math.round((oneMinute / Math.max(1, cpus().length)) * 100));
}
