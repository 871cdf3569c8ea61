import type { MemberConfig, MonitorRuleConfig, NodeConfig, PoolConfig } from '../dataplane/model.ts';
import { readWildcard } from '../kinds/fields/addresses.ts';
import { noMonitor, parseMonitorRule } from '../kinds/fields/monitor-rule.ts';
import { memberKind } from '../kinds/ltm-pool-members.ts';
import { nodePathOf } from '../kinds/member-node.ts';
import { nodeMonitor } from '../kinds/node-status.ts';
import { fromCanonical } from '../names/address.ts';
import { parseEndpoint } from '../names/service.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';

function rule(value: string | undefined): MonitorRuleConfig | undefined {
  if (value === noMonitor) {
    return { monitors: [] };
  }
  return value === undefined || value === 'default' ? undefined : parseMonitorRule(value.trim(), (name) => name);
}

type Values = Readonly<Record<string, unknown>>;

function number({ values }: { readonly values: Values }, name: string, otherwise = 0): number {
  return Number(values[name] ?? otherwise);
}

/** A `rateLimit` in connections a second; 0 for `disabled`. */
export function perSecond(values: Values): number {
  const limit = Number(values['rateLimit'] ?? 0);
  return Number.isFinite(limit) ? limit : 0;
}

/** A node as the data plane watches it; undefined for one without an address. */
export function nodeConfigOf(node: ConfigObject, device: Device): NodeConfig | undefined {
  const stored = textOf(node, 'address');
  if (stored === undefined || readWildcard(stored) !== undefined) {
    return undefined;
  }
  const monitor = rule(nodeMonitor(node, device));
  const { ip, routeDomain } = fromCanonical(stored);
  return { address: ip, routeDomain, ...(monitor === undefined ? {} : { monitor }) };
}

/** What a node says of all its members; a member may be there without one. */
function nodeConfig(node: Pick<ConfigObject, 'values'>): Partial<MemberConfig> {
  return {
    nodeRatio: number(node, 'ratio', 1),
    nodeConnectionLimit: number(node, 'connectionLimit'),
    nodeRateLimit: perSecond(node.values),
    nodeDynamicRatio: number(node, 'dynamicRatio', 1),
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
    node: nodePathOf(member),
    address: ip,
    routeDomain,
    port: parseEndpoint(member.name)?.port ?? 0,
    session: both.some((each) => textOf(each, 'session') === 'user-disabled') ? 'user-disabled' : 'user-enabled',
    state: both.some((each) => textOf(each, 'state') === 'user-down') ? 'user-down' : 'user-up',
    ratio: number(member, 'ratio', 1),
    priorityGroup: number(member, 'priorityGroup'),
    connectionLimit: number(member, 'connectionLimit'),
    rateLimit: perSecond(member.values),
    dynamicRatio: number(member, 'dynamicRatio', 1),
    ...nodeConfig(node ?? { values: {} }),
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
    minActiveMembers: number(pool, 'minActiveMembers'),
    reselectTries: number(pool, 'reselectTries'),
    serviceDownAction: textOf(pool, 'serviceDownAction') ?? 'none',
    slowRampTime: number(pool, 'slowRampTime', 10),
    queueOnConnectionLimit: textOf(pool, 'queueOnConnectionLimit') === 'enabled',
    queueDepthLimit: number(pool, 'queueDepthLimit'),
    queueTimeLimit: number(pool, 'queueTimeLimit'),
    ignorePersistedWeight: textOf(pool, 'ignorePersistedWeight') === 'enabled',
    members: members.filter((each) => each !== undefined),
    ...(monitor === undefined ? {} : { monitor }),
  };
}
