import type { Json } from '../request.ts';
import type { Io } from './io.ts';
import { TargetUnavailable } from '../../target.ts';

/** The oldest TMOS that is written to: tokens, metadata and error texts are as assumed from here on. */
const OLDEST = [12, 1] as const;

/**
 * The version from the `ver` of `sys`, else from `sys/version`: `[17, 1, 0]`.
 * @throws {TargetUnavailable} it is too old, or none is told.
 */
export async function readVersion(io: Io, device: string): Promise<readonly number[]> {
  const text = versionOf(await io.get('/mgmt/tm/sys')) ?? statsEntry(await io.get('/mgmt/tm/sys/version'), 'Version');
  const version = parseVersion(text ?? '');
  if (text === undefined || version === undefined) {
    throw new TargetUnavailable(`${device}: found no TMOS version, expected 12.1 or later; is it a BIG-IP?`);
  }
  if (isOlder(version, OLDEST)) {
    throw new TargetUnavailable(`${device}: found TMOS ${text}, expected 12.1 or later`);
  }
  return version;
}

/** `ACTIVE`, `STANDBY`, `FORCED OFFLINE`; undefined if the device does not say. */
export async function readFailoverState(io: Io): Promise<string | undefined> {
  return failoverStateOf(await io.get(FAILOVER_STATUS));
}

/** Where the failover state is read. */
export const FAILOVER_STATUS = '/mgmt/tm/cm/failover-status';

/** The state in a body of {@link FAILOVER_STATUS}; undefined if it does not say. */
export function failoverStateOf(body: Json | undefined): string | undefined {
  return statsEntry(body, 'status');
}

/** The default route domain of a partition; undefined if there is no such partition. */
export async function readDefaultRouteDomain(io: Io, partition: string): Promise<number | undefined> {
  const body = await io.get(`/mgmt/tm/auth/partition/${encodeURIComponent(partition)}`);
  if (body === undefined) return undefined;
  return typeof body['defaultRouteDomain'] === 'number' ? body['defaultRouteDomain'] : 0;
}

/** Whether a module is provisioned. */
export async function hasModule(io: Io, module: string): Promise<boolean> {
  return (await readModuleLevel(io, module)) !== undefined;
}

/** At which level a module is provisioned; undefined: it is not. */
export async function readModuleLevel(io: Io, module: string): Promise<string | undefined> {
  const level = (await io.get(`/mgmt/tm/sys/provision/${module}`))?.['level'];
  return typeof level === 'string' && level !== 'none' ? level : undefined;
}

/** A description out of the first entry of a `…stats` body, whatever the URL that it is filed under. */
export function statsEntry(body: Json | undefined, name: string): string | undefined {
  const first = Object.values(asObject(body?.['entries']))[0];
  const entries = asObject(asObject(asObject(first)['nestedStats'])['entries']);
  const description = asObject(entries[name])['description'];
  return typeof description === 'string' ? description : undefined;
}

function versionOf(body: Json | undefined): string | undefined {
  const link = body?.['selfLink'];
  return typeof link === 'string' ? /[?&]ver=([\d.]+)/.exec(link)?.[1] : undefined;
}

function parseVersion(text: string): readonly number[] | undefined {
  return /^\d+(\.\d+)+$/.test(text) ? text.split('.').map(Number) : undefined;
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const index = than.findIndex((part, at) => part !== (version[at] ?? 0));
  return index >= 0 && (version[index] ?? 0) < (than[index] ?? 0);
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
