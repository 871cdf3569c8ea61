import type {
  MemberConfig,
  MonitorConfig,
  MonitorRuleConfig,
  PersistenceConfig,
  PoolConfig,
  ProfileConfig,
  VirtualConfig,
} from '../dataplane/model.ts';
import { readWildcard } from '../kinds/fields/addresses.ts';
import { noMonitor, parseMonitorRule } from '../kinds/fields/monitor-rule.ts';
import { persistItems } from '../kinds/fields/persist.ts';
import { memberKind, nodePathOf } from '../kinds/ltm-pool-members.ts';
import { addressOf, destinationOf } from '../kinds/ltm-virtual-destination.ts';
import { virtualProfileKind } from '../kinds/ltm-virtual-profiles.ts';
import { fromCanonical } from '../names/address.ts';
import { parseEndpoint } from '../names/service.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';
import { policiesOf } from './policies.ts';
import { rulesOf } from './rules.ts';
import type { Settings } from './settings.ts';
import { tlsMaterial } from './tls.ts';

function rule(value: string | undefined): MonitorRuleConfig | undefined {
  if (value === noMonitor) {
    return { monitors: [] };
  }
  return value === undefined || value === 'default' ? undefined : parseMonitorRule(value.trim(), (name) => name);
}

function text(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** A monitor with its inherited values. */
export function monitorConfig(monitor: ConfigObject, device: Device): MonitorConfig {
  const values = effectiveValues(monitor, device.store);
  const send = text(values, 'send');
  const recv = text(values, 'recv');
  const recvDisable = text(values, 'recvDisable');
  const destination = text(values, 'destination');
  return {
    fullPath: monitor.fullPath,
    type: monitor.kind.path.slice('ltm/monitor/'.length),
    interval: Number(values['interval'] ?? 5),
    timeout: Number(values['timeout'] ?? 16),
    upInterval: Number(values['upInterval'] ?? 0),
    timeUntilUp: Number(values['timeUntilUp'] ?? 0),
    reverse: values['reverse'] === 'enabled',
    ...(send === undefined ? {} : { send }),
    ...(recv === undefined ? {} : { recv }),
    ...(recvDisable === undefined ? {} : { recvDisable }),
    ...(destination === undefined ? {} : { destination }),
  };
}

/** A member; what its node says (disabled, forced down) holds for it too. */
function memberConfig(member: ConfigObject, device: Device): MemberConfig | undefined {
  const stored = textOf(member, 'address');
  if (stored === undefined || readWildcard(stored) !== undefined) {
    return undefined;
  }
  const node = device.store.lookup('ltm/node', nodePathOf(member));
  const both = [member, ...(node === undefined ? [] : [node])];
  const monitor = rule(textOf(member, 'monitor'));
  const { ip, routeDomain } = fromCanonical(stored);
  return {
    fullPath: member.fullPath,
    address: ip,
    routeDomain,
    port: parseEndpoint(member.name)?.port ?? 0,
    session: both.some((each) => textOf(each, 'session') === 'user-disabled') ? 'user-disabled' : 'user-enabled',
    state: both.some((each) => textOf(each, 'state') === 'user-down') ? 'user-down' : 'user-up',
    ratio: Number(member.values['ratio'] ?? 1),
    priorityGroup: Number(member.values['priorityGroup'] ?? 0),
    connectionLimit: Number(member.values['connectionLimit'] ?? 0),
    nodeRatio: Number(node?.values['ratio'] ?? 1),
    nodeConnectionLimit: Number(node?.values['connectionLimit'] ?? 0),
    ...(monitor === undefined ? {} : { monitor }),
  };
}

/** A pool with its members. */
export function poolConfig(pool: ConfigObject, device: Device): PoolConfig {
  const monitor = rule(textOf(pool, 'monitor'));
  const members = [...device.store.collection(memberKind, pool.fullPath).list()].map((each) =>
    memberConfig(each, device),
  );
  return {
    fullPath: pool.fullPath,
    loadBalancingMode: textOf(pool, 'loadBalancingMode') ?? 'round-robin',
    minActiveMembers: Number(pool.values['minActiveMembers'] ?? 0),
    reselectTries: Number(pool.values['reselectTries'] ?? 0),
    serviceDownAction: textOf(pool, 'serviceDownAction') ?? 'none',
    members: members.filter((each) => each !== undefined),
    ...(monitor === undefined ? {} : { monitor }),
  };
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

/** Whether another device is active for the traffic group of a virtual server. */
export function isStandby(virtual: ConfigObject, device: Device): boolean {
  const path = destinationOf(virtual.values)?.virtualAddress;
  const address = path === undefined ? undefined : device.store.lookup('ltm/virtual-address', path);
  const trafficGroup = address === undefined ? undefined : textOf(address, 'trafficGroup');
  return device.pair?.isActive(trafficGroup ?? '/Common/traffic-group-1') === false;
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
  const translation = (virtual.values['sourceAddressTranslation'] as { type?: string } | undefined)?.type ?? 'none';
  return {
    fullPath: virtual.fullPath,
    address: ip,
    routeDomain,
    port: destination?.port ?? 0,
    ipProtocol: textOf(virtual, 'ipProtocol') ?? 'any',
    enabled: virtual.values['enabled'] !== 'disabled' && !addressOff,
    source: textOf(virtual, 'source') ?? '0.0.0.0/0',
    profiles: profilesOf(virtual, device, settings),
    sourceAddressTranslation: translation as VirtualConfig['sourceAddressTranslation'],
    connectionLimit: Number(virtual.values['connectionLimit'] ?? 0),
    policies: policiesOf(virtual, device),
    rules: rulesOf(virtual, device),
    ...(pool === undefined ? {} : { pool }),
    ...persistencesOf(virtual, device, settings),
  };
}
