import type { PersistenceConfig, VirtualConfig } from '../model.ts';
import { isEnabled, secondsSetting, textSetting } from '../settings.ts';
import { persistedValue } from './values.ts';
import type { PersistenceSubject } from './values.ts';

/** How one of a virtual server's persistence profiles keys its records. */
export interface RecordKey {
  readonly key: string;
  readonly mode: string;
  readonly value: string;
  readonly timeoutSeconds: number;
  readonly overrideConnectionLimit: boolean;
  /** The record holds for other pools too: any member with the same address will do. */
  readonly acrossPools: boolean;
  /** There are no records: the value itself points out a member, by CARP. */
  readonly isHashed: boolean;
}

/** The profiles that rule a virtual server's connections: its own, and the fallback. */
export function profilesOf({ persistence, fallbackPersistence }: VirtualConfig): readonly PersistenceConfig[] {
  return [persistence, fallbackPersistence].filter((profile) => profile !== undefined);
}

/**
 * The records of a client, by profile; the fallback's after the first. Those that have nothing to go by have none. Records
 * belong to one virtual server and pool; with `matchAcrossServices` to the virtual address, with `matchAcrossVirtuals` to
 * all virtual servers, and with any of these or `matchAcrossPools` to all pools (K).
 */
export function recordsOf(virtual: VirtualConfig, pool: string, subject: PersistenceSubject): readonly RecordKey[] {
  return profilesOf(virtual).flatMap((profile) => {
    const value = persistedValue(profile, subject, virtual);
    return value === undefined ? [] : [recordKey(profile, virtual, { pool, value })];
  });
}

/** The record of one value. */
export function recordKey(
  { type, settings }: PersistenceConfig,
  virtual: VirtualConfig,
  { pool, value }: { readonly pool: string; readonly value: string },
): RecordKey {
  const acrossVirtuals = isEnabled(settings, 'matchAcrossVirtuals');
  const acrossServices = isEnabled(settings, 'matchAcrossServices');
  const acrossPools = acrossVirtuals || acrossServices || isEnabled(settings, 'matchAcrossPools');
  const scope = acrossVirtuals ? '*' : acrossServices ? `${virtual.address}%${virtual.routeDomain}` : virtual.fullPath;
  return {
    key: `${scope} ${acrossPools ? '*' : pool} ${type} ${value}`,
    mode: type,
    value,
    timeoutSeconds: secondsSetting(settings, 'timeout', DEFAULT_SECONDS[type] ?? 180),
    overrideConnectionLimit: isEnabled(settings, 'overrideConnectionLimit'),
    acrossPools,
    isHashed: textSetting(settings, 'hashAlgorithm') === 'carp',
  };
}

/** Seconds that records live; those of the stock profiles. */
const DEFAULT_SECONDS: Readonly<Record<string, number>> = { ssl: 300, msrdp: 300 };
