/**
 * The example which Fairlead grew from, as a judge: the REST calls that its functions send (`create_or_update_network`,
 * `_vs`, `_dns`, `_policy`), for any cluster. One run does what one run of it does, with its flaws: routes are put as a
 * whole, everything else of the top level is only created, a virtual server gets its policy by the second run (F-09,
 * F-10), every protocol is `tcp` (F-23), rules have no ordinal (F-39).
 */

/** Sends a request as a client of the device: the answer's body; an error names the status. */
export type Send = (method: string, url: string, body?: object) => Promise<Record<string, unknown>>;

/** A Service as the example reads it. */
interface ExampleService {
  readonly name: string;
  readonly clusterIP: string;
  /** `f5.destination`, `f5.vs__ProfileHTTP`, `f5.vs__AdvPolicies`. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  /** `<pod>:<target port>`, for each of its ports. */
  readonly members: Readonly<Record<number, readonly string[]>>;
}

interface ExampleRule {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly port: number;
}

/** What the example reads: the network from etcd, the rest from the cluster. */
export interface ExampleCluster {
  /** Subnet by the address of its node. */
  readonly networks: Readonly<Record<string, string>>;
  readonly services: readonly ExampleService[];
  readonly policies: Readonly<Record<string, readonly ExampleRule[]>>;
  /** `USE_DNS=TRUE`. */
  readonly dns: boolean;
}

const COMMON = { partition: 'Common' };
const SUFFIX = 'f5demo.com';
const lastOf = (path: string): string => path.split('/').at(-1) ?? '';
const at = (path: string): string => `/mgmt/tm/${path}`;

/** What it takes for granted: a network to the nodes, a data center and a GTM server. */
export async function prepare(send: Send): Promise<void> {
  const self = { name: 'internal-self', ...COMMON, address: '10.1.20.1/24', vlan: '/Common/internal' };
  const devices = [{ name: 'bigip1', addresses: [{ name: '10.1.10.240' }] }];
  await send('POST', at('net/vlan'), { name: 'internal', ...COMMON });
  await send('POST', at('net/self'), self);
  await send('POST', at('gtm/datacenter'), { name: 'hq', ...COMMON });
  const server = { name: 'bigip1', ...COMMON, datacenter: '/Common/hq', product: 'bigip', devices };
  await send('POST', at('gtm/server'), server);
}

/** One run of the example. */
export async function runExample(cluster: ExampleCluster, send: Send): Promise<void> {
  for (const [node, network] of Object.entries(cluster.networks)) await route(node, network, send);
  for (const service of cluster.services) {
    const { 'f5.destination': destination = service.clusterIP, 'f5.vs__AdvPolicies': policy } =
      service.annotations ?? {};
    const ruled = policy === undefined ? [] : (cluster.policies[lastOf(policy)] ?? []).map(({ host }) => host);
    for (const port of service.ports) {
      await virtualServer(service, { port, destination }, send);
      const hosts = cluster.dns ? new Set([`${service.name}.${SUFFIX}`, ...ruled]) : [];
      for (const host of hosts) await wideIp(host, { port, destination }, send);
    }
  }
  for (const [name, rules] of Object.entries(cluster.policies)) await policyOf(name, rules, send);
}

interface Front {
  readonly port: number;
  readonly destination: string;
}

/** As its `_exists`: only an answer that holds 404 means no. */
async function exists(path: string, send: Send): Promise<boolean> {
  return await send('GET', at(path)).then(
    () => true,
    (error: unknown) => !String(error).includes('404'),
  );
}

async function createOnly(collection: string, item: string, { body, send }: Made): Promise<boolean> {
  if (await exists(`${collection}/${item}`, send)) return false;
  await send('POST', at(collection), body);
  return true;
}

interface Made {
  readonly body: object;
  readonly send: Send;
}

async function route(node: string, network: string, send: Send): Promise<void> {
  const body = { name: node, ...COMMON, network, gw: node };
  if (await createOnly('net/route', `~Common~${node}`, { body, send })) return;
  // The network of a route may not be specified again.
  await send('PUT', at(`net/route/~Common~${node}`), { gw: node });
}

async function virtualServer(service: ExampleService, { port, destination }: Front, send: Send): Promise<void> {
  const [pool, virtual] = [`${service.name}_${port}_pool`, `${service.name}_${port}_vs`];
  await createOnly('ltm/pool', `~Common~${pool}`, { body: { name: pool, ...COMMON, monitor: '/Common/tcp' }, send });
  await members(`ltm/pool/~Common~${pool}/members`, service.members[port] ?? [], send);
  const body = { destination: `${destination}:${port}`, pool: `/Common/${pool}`, ipProtocol: 'tcp' };
  const path = `ltm/virtual/~Common~${virtual}`;
  const made = await createOnly('ltm/virtual', `~Common~${virtual}`, {
    body: { name: virtual, ...COMMON, ...body },
    send,
  });
  const { 'f5.vs__ProfileHTTP': profile, 'f5.vs__AdvPolicies': policy } = service.annotations ?? {};
  if (!made) await send('PUT', at(path), body);
  if (profile !== undefined)
    await createOnly(`${path}/profiles`, 'http', { body: { name: 'http', fullPath: profile }, send });
  if (made || policy === undefined) return;
  await createOnly(`${path}/policies`, lastOf(policy), { body: { name: lastOf(policy), fullPath: policy }, send });
}

async function members(collection: string, wanted: readonly string[], send: Send): Promise<void> {
  const { items = [] } = (await send('GET', at(collection))) as { items?: { name: string }[] };
  const present = new Set(items.map(({ name }) => name));
  for (const name of wanted) if (!present.has(name)) await send('POST', at(collection), { name, ...COMMON });
  for (const name of present) if (!wanted.includes(name)) await send('DELETE', at(`${collection}/~Common~${name}`));
}

async function wideIp(host: string, { port, destination }: Front, send: Send): Promise<void> {
  const [virtual, pool] = [`${host}_${port}_vs`, `${host}_${port}_hq_pool`];
  const translated = { translationAddress: destination, translationPort: port };
  const body = { name: virtual, destination: `${destination}:${port}`, ...translated, monitor: '/Common/bigip' };
  await createOnly('gtm/server/~Common~bigip1/virtual-servers', virtual, { body, send });
  const members = [`bigip1:${virtual}`];
  await createOnly('gtm/pool/a', `~Common~${pool}`, { body: { name: pool, members }, send });
  await createOnly('gtm/wideip/a', `~Common~${host}`, { body: { name: host, pools: [pool] }, send });
}

async function policyOf(name: string, given: readonly ExampleRule[], send: Send): Promise<void> {
  const how = { strategy: '/Common/first-match', requires: ['http'], controls: ['forwarding'], legacy: true };
  // The full path is that of another policy, which the device does not look at.
  const body = { ...how, name, ...COMMON, fullPath: '/Common/echomap' };
  await createOnly('ltm/policy', `~Common~${name}`, { body, send });
  const rules = given.toSorted((a, b) => (a.host + a.path < b.host + b.path ? 1 : -1));
  const collection = `ltm/policy/~Common~${name}/rules`;
  const { items = [] } = (await send('GET', at(collection))) as { items?: { name: string }[] };
  const named = rules.map((_, index) => `rule_${String(index + 1).padStart(2, '0')}`);
  for (const old of items.map((item) => item.name))
    if (!named.includes(old)) await send('DELETE', at(`${collection}/${old}`));
  for (const [index, rule] of rules.entries()) await ruleOf(`${collection}/${named[index] ?? ''}`, rule, send);
}

async function ruleOf(rule: string, { host, path, service, port }: ExampleRule, send: Send): Promise<void> {
  const [collection, name] = [rule.slice(0, rule.lastIndexOf('/')), lastOf(rule)];
  const body = { name, description: `${host}${path} -> ${service}:${port}` };
  // What is there already is left by a second run of ours: its own would empty the rule for a moment (F-12).
  if (!(await createOnly(collection, name, { body, send }))) return;
  const common = { request: true, caseInsensitive: true };
  const conditions = [
    { name: '0', httpHost: true, host: true, equals: true, ...common, values: [host] },
    ...(path === '/' ? [] : [{ name: '1', httpUri: true, path: true, startsWith: true, ...common, values: [path] }]),
  ];
  for (const condition of conditions) await send('POST', at(`${rule}/conditions`), condition);
  const pool = `/Common/${service}_${port}_pool`;
  await send('POST', at(`${rule}/actions`), { name: '0', forward: true, select: true, request: true, pool });
}
