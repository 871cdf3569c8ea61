import type { PersistenceConfig, ProfileConfig, VirtualConfig } from '../dataplane/model.ts';
import { readWildcard } from '../kinds/fields/addresses.ts';
import { persistItems } from '../kinds/fields/persist.ts';
import type { SourceTranslation } from '../kinds/fields/source-translation.ts';
import { addressOf, destinationOf } from '../kinds/ltm-virtual-destination.ts';
import { virtualProfileKind } from '../kinds/ltm-virtual-profiles.ts';
import { fromCanonical } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { policiesOf } from './policies.ts';
import { perSecond } from './pools.ts';
import { rulesOf } from './rules.ts';
import type { Settings } from './settings.ts';
import { tlsMaterial } from './tls.ts';

function text(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function profilesOf(virtual: ConfigObject, device: Device, settings: Settings): readonly ProfileConfig[] {
  const profiles: ProfileConfig[] = [];
  for (const item of device.store.collection(virtualProfileKind, virtual.fullPath).list()) {
    const profile = device.store.lookup('profile', item.fullPath);
    if (profile !== undefined) {
      const type = profile.kind.path.slice('ltm/profile/'.length);
      const own = settings.of(profile);
      const tls = tlsMaterial(type, own, device);
      profiles.push({
        fullPath: profile.fullPath,
        type,
        context: (textOf(item, 'context') ?? 'all') as ProfileConfig['context'],
        settings: own,
        ...(tls === undefined ? {} : { tls }),
      });
    }
  }
  return profiles;
}

function persistenceOf(path: string | undefined, device: Device, settings: Settings): PersistenceConfig | undefined {
  const profile = path === undefined ? undefined : device.store.lookup('ltm/persistence', path);
  return profile === undefined
    ? undefined
    : { type: profile.kind.path.slice('ltm/persistence/'.length), settings: settings.of(profile) };
}

/** The persistence profile and the fallback of a virtual server. */
function persistencesOf(
  virtual: ConfigObject,
  device: Device,
  settings: Settings,
): Pick<VirtualConfig, 'persistence' | 'fallbackPersistence'> {
  const persistence = persistenceOf(persistItems(virtual.values['persist'])[0]?.fullPath, device, settings);
  const fallbackPersistence = persistenceOf(textOf(virtual, 'fallbackPersistence'), device, settings);
  return {
    ...(persistence === undefined ? {} : { persistence }),
    ...(fallbackPersistence === undefined ? {} : { fallbackPersistence }),
  };
}

/** Addresses of a SNAT pool, without route domains. */
export function snatPoolConfig(pool: ConfigObject, device: Device): readonly string[] {
  const paths = (pool.values['members'] ?? []) as readonly string[];
  return paths.flatMap((path) => {
    const translation = device.store.lookup('ltm/snat-translation', path);
    const address = translation === undefined ? undefined : textOf(translation, 'address');
    const isOff = translation?.values['enabled'] === 'disabled';
    return address === undefined || isOff ? [] : [fromCanonical(address).ip];
  });
}

function sourceTranslationOf({ values }: ConfigObject): Pick<VirtualConfig, 'sourceAddressTranslation' | 'snat'> {
  const { type = 'none', pool } = (values['sourceAddressTranslation'] ?? {}) as Partial<SourceTranslation>;
  const sourceAddressTranslation = type as VirtualConfig['sourceAddressTranslation'];
  return { sourceAddressTranslation, ...(pool === undefined ? {} : { snat: { pool } }) };
}

/** The iRule that a persistence profile takes its key from; it runs after those of the virtual server (K). */
function ruleOf(persistence: PersistenceConfig | undefined): readonly string[] {
  const path = persistence?.settings['rule'];
  return typeof path === 'string' && path !== 'none' ? [path] : [];
}

/** Whether another device is active for the traffic group of a virtual server. */
export function isStandby(virtual: ConfigObject, device: Device): boolean {
  const path = destinationOf(virtual.values)?.virtualAddress;
  const address = path === undefined ? undefined : device.store.lookup('ltm/virtual-address', path);
  const trafficGroup = address === undefined ? undefined : textOf(address, 'trafficGroup');
  return device.pair?.isActive(trafficGroup ?? '/Common/traffic-group-1') === false;
}

function rateLimitOf({ values }: ConfigObject): Pick<VirtualConfig, 'rateLimit'> {
  const limit = perSecond(values);
  return limit === 0
    ? {}
    : {
        rateLimit: {
          perSecond: limit,
          mode: text(values, 'rateLimitMode') ?? 'object',
          sourceMask: Number(values['rateLimitSrcMask'] ?? 0),
          destinationMask: Number(values['rateLimitDstMask'] ?? 0),
        },
      };
}

/** A virtual server with what it refers to. */
export function virtualConfig(virtual: ConfigObject, device: Device, settings: Settings): VirtualConfig {
  const destination = destinationOf(virtual.values);
  const stored = destination === undefined ? 'any' : addressOf(destination, device);
  const wildcard = readWildcard(stored);
  const { ip, routeDomain } =
    wildcard === undefined ? fromCanonical(stored) : { ...wildcard, ip: wildcard.word === 'any' ? '0.0.0.0' : '::' };
  const address =
    destination === undefined ? undefined : device.store.lookup('ltm/virtual-address', destination.virtualAddress);
  const addressOff = address !== undefined && textOf(address, 'enabled') === 'no';
  const pool = textOf(virtual, 'pool');
  const persistences = persistencesOf(virtual, device, settings);
  const { persistence } = persistences;
  const rules = (virtual.values['rules'] ?? []) as readonly string[];
  return {
    fullPath: virtual.fullPath,
    address: ip,
    routeDomain,
    port: destination?.port ?? 0,
    ipProtocol: textOf(virtual, 'ipProtocol') ?? 'any',
    enabled: virtual.values['enabled'] !== 'disabled' && !addressOff,
    source: textOf(virtual, 'source') ?? '0.0.0.0/0',
    profiles: profilesOf(virtual, device, settings),
    connectionLimit: Number(virtual.values['connectionLimit'] ?? 0),
    policies: policiesOf(virtual, device),
    rules: rulesOf([...new Set([...rules, ...ruleOf(persistence)])], device),
    ...sourceTranslationOf(virtual),
    ...(pool === undefined ? {} : { pool }),
    ...rateLimitOf(virtual),
    ...persistences,
  };
}
