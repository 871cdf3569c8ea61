import type { CheckLine } from '../target.ts';
import type { BigipClient } from './client/client.ts';
import type { Channel } from './client/io.ts';
import type { DnsTargetOptions, ExpectedServer, Settings } from './client/options.ts';
import type { Json } from './request.ts';
import type { Kind } from '../../ir/objects.ts';
import type { FullPath } from '../../ir/ref.ts';
import { parseAddress } from '../../ir/address.ts';
import { MONITOR_TYPES } from '../../ir/monitor.ts';
import { parseInterface } from '../../ir/network.ts';
import { partitionOf, refOf } from '../../ir/ref.ts';
import { allows, isOfPoolsAlone } from '../../plan/scope.ts';
import {
  readDefaultRouteDomain,
  readFailoverState,
  readModuleLevel,
  readVersion,
  statsEntry,
} from './client/device.ts';
import { collectionPath, objectPath } from './names.ts';
import { readPools } from './read-pools.ts';

/** Roles that may change LTM objects in their partitions; the first two also make partitions. */
const MAKERS = new Set(['admin', 'resource-admin']);
const WRITERS = new Set([...MAKERS, 'manager']);

interface Probe {
  readonly channel: Channel;
  readonly settings: Settings;
}

interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

/**
 * Looks at everything that the target needs, without changing anything: each line is ok or says what to do. Does not
 * wait for a device that is away. Never throws.
 */
export async function checkDevice(client: BigipClient, settings: Settings, signal: AbortSignal): Promise<CheckLine[]> {
  const lines: CheckLine[] = [];
  const knocks = await client.knockAll(signal);
  for (const { origin, error } of knocks) {
    lines.push({ subject: `address ${origin}`, ok: error === undefined, text: error ?? reached(origin, settings) });
  }
  const open = knocks.find(({ error }) => error === undefined);
  if (open === undefined) return lines;
  client.useAddress(open.origin);
  const probe: Probe = { channel: client.channel(signal, 0), settings };
  const login = await line(`login as ${settings.username}`, () => checkLogin(probe));
  lines.push(login);
  if (!login.ok) return lines;
  lines.push(await line('TMOS version', () => checkVersion(probe)));
  lines.push(await line('module LTM', () => checkModule(probe, 'ltm')));
  if (settings.dns !== undefined) lines.push(...(await checkDns(probe, settings.dns)));
  lines.push(await line(`partition ${settings.partition}`, () => checkPartition(probe)));
  for (const path of settings.scope?.pools ?? []) lines.push(await line(`pool ${path}`, () => checkPool(probe, path)));
  lines.push(await line(`rights of ${settings.username}`, () => checkRights(probe)));
  if (settings.network) lines.push(await line('rights for networks', () => checkNetworkRights(probe)));
  for (const address of settings.tunnelEnds) {
    lines.push(await line(`self IP ${address}`, () => checkTunnelEnd(probe, address)));
  }
  if (settings.apart) lines.push(await line('partition apart', () => checkApart(probe)));
  lines.push(await line('high availability', () => checkAvailability(probe, client)));
  return lines;
}

async function line(subject: string, find: () => Promise<Finding>): Promise<CheckLine> {
  try {
    return { subject, ...(await find()) };
  } catch (error) {
    return { subject, ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}

function reached(origin: string, { tls }: Settings): string {
  if (origin.startsWith('http:')) return 'answers, without TLS';
  return tls.insecureSkipVerify === true
    ? 'answers; its certificate is not verified (tls.insecureSkipVerify)'
    : 'answers, certificate verified';
}

async function checkLogin({ channel }: Probe): Promise<Finding> {
  await channel.get('/mgmt/tm/sys');
  return { ok: true, text: 'accepted' };
}

async function checkVersion({ channel, settings }: Probe): Promise<Finding> {
  return { ok: true, text: (await readVersion(channel, settings.name)).join('.') };
}

async function checkModule({ channel }: Probe, module: string): Promise<Finding> {
  const level = await readModuleLevel(channel, module);
  if (level !== undefined) return { ok: true, text: `provisioned (${level})` };
  return { ok: false, text: 'not provisioned: provision it under System > Resource Provisioning' };
}

/** The module, and once it is there, the servers that virtual servers are to be put into. */
async function checkDns(probe: Probe, { servers }: DnsTargetOptions): Promise<readonly CheckLine[]> {
  const module = await line('module DNS', () => checkModule(probe, 'gtm'));
  if (!module.ok) return [module];
  const found = servers.map((server) => line(`GTM server ${server.path}`, () => checkServer(probe, server)));
  return [module, ...(await Promise.all(found)), await line('rights for DNS', () => checkCommonRights(probe))];
}

/** Virtual servers of GTM servers are objects of `/Common`. */
async function checkCommonRights(probe: Probe): Promise<Finding> {
  const roles = await readRoles(probe);
  if (roles === undefined) return { ok: true, text: 'its role is not told (remote user?)' };
  const found = printRoles(roles);
  const may = roles.some(({ role, where }) => WRITERS.has(role) && (where === 'all-partitions' || where === 'Common'));
  return may
    ? { ok: true, text: found }
    : { ok: false, text: `found ${found}, expected manager or more on Common, too` };
}

/** What a pod network needs, and so is read. */
const NETWORK = ['vxlan-profile', 'tunnel', 'fdb', 'self', 'route', 'arp', 'ndp'] as const satisfies readonly Kind[];

/**
 * Objects of the network (`net/*`) are not for managers of a partition: only administrators and resource administrators
 * write them, and those roles hold on all partitions (K: F5's table of user roles).
 */
async function checkNetworkRights(probe: Probe): Promise<Finding> {
  const paths = NETWORK.map((kind) => collectionPath(kind));
  await Promise.all(paths.map((path) => probe.channel.get(path, { query: { $top: '1' } })));
  const roles = await readRoles(probe);
  if (roles === undefined)
    return { ok: true, text: 'may read all that is needed; its role is not told (remote user?)' };
  const found = printRoles(roles);
  if (roles.some(({ role, where }) => MAKERS.has(role) && where === 'all-partitions')) return { ok: true, text: found };
  return {
    ok: false,
    text: `found ${found}, expected admin or resource-admin on all partitions: no other role writes routes, tunnels and self IPs`,
  };
}

/** Whether the device has the address that a tunnel begins at: without it nothing leaves, and the tunnel is made all the same. */
async function checkTunnelEnd({ channel }: Probe, address: string): Promise<Finding> {
  const items = (await channel.get(collectionPath('self')))?.['items'];
  const selves = (Array.isArray(items) ? (items as readonly Json[]) : []).map(({ fullPath, address: given }) => ({
    path: String(fullPath),
    address: parseInterface(String(given))?.address.ip,
  }));
  const wanted = parseAddress(address)?.ip;
  const own = selves.find((self) => self.address === wanted);
  if (own !== undefined) return { ok: true, text: `is ${own.path}` };
  const found = selves.map((self) => self.address ?? 'one that cannot be read').join(', ') || 'none';
  const expected = 'expected a self IP with the localAddress of podNetwork.flannel.vxlan on this unit';
  return {
    ok: false,
    text: `not there: found ${found}, ${expected} (tmsh create net self NAME address ${address}/LENGTH vlan VLAN)`,
  };
}

/**
 * Whether the partition is this unit's alone. A pair that synchronises it would put the tunnel of one unit, with its address,
 * onto the other, which its own target then puts right again, and so on.
 */
async function checkApart({ channel, settings }: Probe): Promise<Finding> {
  const { partition } = settings;
  const folder = await channel.get(`/mgmt/tm/sys/folder/~${encodeURIComponent(partition)}`);
  const own = typeof folder?.['deviceGroup'] === 'string' ? folder['deviceGroup'] : 'none';
  const inherits = folder === undefined || folder['inheritedDevicegroup'] === 'true';
  const group = inherits ? await failoverGroup(channel) : own === 'none' ? undefined : own;
  if (group === undefined) return { ok: true, text: 'no device group synchronises it' };
  const advice = `tmsh modify sys folder /${partition} device-group none inherited-devicegroup false`;
  return {
    ok: false,
    text: `found it synchronised by ${group}, expected none: each unit has its own end of the tunnel there; on each unit: ${advice}`,
  };
}

/** What folders inherit that have no group of their own: the group for failover, of which a device has one at most. */
async function failoverGroup(channel: Channel): Promise<string | undefined> {
  const items = (await channel.get('/mgmt/tm/cm/device-group'))?.['items'];
  const groups = Array.isArray(items) ? (items as readonly Json[]) : [];
  const found = groups.find(({ type }) => type === 'sync-failover');
  return typeof found?.['fullPath'] === 'string' ? found['fullPath'] : undefined;
}

async function checkServer({ channel }: Probe, { path, datacenter, isMade }: ExpectedServer): Promise<Finding> {
  const body = await channel.get(objectPath({ kind: 'gtm-server', path }));
  if (body === undefined) {
    return isMade
      ? { ok: true, text: 'not there yet, will be created' }
      : { ok: false, text: 'not there: create it, or give its addresses in the configuration' };
  }
  const place = String(body['datacenter']);
  if (place === datacenter) return { ok: true, text: `exists, in data center ${place}` };
  return { ok: false, text: `found in data center ${place}, expected ${datacenter}, as dns.datacenters says` };
}

async function checkPartition(probe: Probe): Promise<Finding> {
  const { channel, settings } = probe;
  const { partition } = settings;
  const domain = await readDefaultRouteDomain(channel, partition);
  if (domain !== undefined) return { ok: true, text: `exists, default route domain ${domain}` };
  if (!allows(settings.scope, refOf('partition', `/${partition}`))) {
    return { ok: true, text: 'not there, and not needed: it is out of scope' };
  }
  if (!settings.createPartition) {
    return { ok: false, text: 'not there, and createPartition is off: create it, or turn that on' };
  }
  const roles = await readRoles(probe);
  if (roles !== undefined && !roles.some(({ role, where }) => where === 'all-partitions' && MAKERS.has(role))) {
    const found = printRoles(roles);
    return {
      ok: false,
      text: `not there, and the user cannot create it: found ${found}, expected admin on all partitions`,
    };
  }
  return { ok: true, text: 'not there yet, will be created' };
}

/** A pool of which the members are written: it must be there, and its iApp, if it has one, must let others write. */
async function checkPool({ channel, settings }: Probe, path: FullPath): Promise<Finding> {
  const context = { version: [], defaultRouteDomain: 0, partition: settings.partition };
  const found = new Map(await readPools(channel, [path], context)).get(refOf('pool', path));
  if (found === undefined) return { ok: false, text: 'not there: its owner must make it' };
  const { application } = found;
  if (application === undefined) return { ok: true, text: 'exists' };
  const text = `exists, and belongs to the iApp ${application.path}`;
  return application.strict
    ? { ok: false, text: `${text}, whose strict updates are on: switch them off, or change its table of members` }
    : { ok: true, text: `${text}, which replaces its members when it is deployed again` };
}

/** The partitions that are written to. */
function writtenPartitions({ partition, scope }: Settings): readonly string[] {
  const lent = [...(scope?.pools ?? [])].map(partitionOf);
  return [...new Set(scope !== undefined && isOfPoolsAlone(scope) ? lent : [partition, ...lent])];
}

/** What a source may make, and so is read. */
const READ = [
  'virtual',
  'virtual-address',
  'pool',
  'policy',
  'irule',
  'node',
  'partition',
  'ssl-cert',
  'ssl-key',
  'client-ssl',
  'server-ssl',
  'http-profile',
  'tcp-profile',
  'persistence-cookie',
  'persistence-source-addr',
] as const satisfies readonly Kind[];

async function checkRights(probe: Probe): Promise<Finding> {
  const { channel, settings } = probe;
  const paths = [
    ...READ.map((kind) => collectionPath(kind)),
    ...MONITOR_TYPES.map((type) => collectionPath('monitor', type)),
  ];
  await Promise.all(paths.map((path) => channel.get(path, { query: { $top: '1' } })));
  const roles = await readRoles(probe);
  if (roles === undefined)
    return { ok: true, text: 'may read all that is needed; its role is not told (remote user?)' };
  const found = printRoles(roles);
  const mayWrite = (partition: string): boolean =>
    roles.some(({ role, where }) => WRITERS.has(role) && (where === 'all-partitions' || where === partition));
  const lacking = writtenPartitions(settings).filter((partition) => !mayWrite(partition));
  if (lacking.length === 0) return { ok: true, text: found };
  return { ok: false, text: `found ${found}, expected admin, resource-admin or manager on ${lacking.join(' and ')}` };
}

interface Role {
  readonly where: string;
  readonly role: string;
}

/** Undefined if the device does not tell: remote users are not in its list. */
async function readRoles({ channel, settings }: Probe): Promise<readonly Role[] | undefined> {
  const path = `/mgmt/tm/auth/user/${encodeURIComponent(settings.username)}`;
  const body = await channel.get(path).catch(() => undefined);
  const access = body?.['partitionAccess'];
  if (!Array.isArray(access) || access.length === 0) return undefined;
  return (access as readonly Json[]).map((item) => ({ where: String(item['name']), role: String(item['role']) }));
}

function printRoles(roles: readonly Role[]): string {
  return roles.map(({ role, where }) => `${role} on ${where}`).join(', ');
}

async function checkAvailability({ channel }: Probe, client: BigipClient): Promise<Finding> {
  const state = await readFailoverState(channel);
  const sync = statsEntry(await channel.get('/mgmt/tm/cm/sync-status'), 'status') ?? 'not told';
  const text = `${state ?? 'state not told'} at ${client.address}, config sync: ${sync}`;
  if (state === undefined || state === 'ACTIVE' || client.addresses > 1) return { ok: true, text };
  return { ok: false, text: `${text}; writes belong to the active unit: give its address too` };
}
