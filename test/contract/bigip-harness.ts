import { Agent, request } from 'undici';
import type { Kind } from '../../src/ir/objects.ts';
import type { Ref } from '../../src/ir/ref.ts';
import type { Actual } from '../../src/plan/snapshot.ts';
import type { Json } from '../../src/targets/bigip/request.ts';
import type { TargetHarness } from './target.ts';
import { kindOf, pathOf } from '../../src/ir/ref.ts';
import { MONITOR_TYPES } from '../../src/ir/monitor.ts';
import { MemorySnapshot } from '../../src/plan/memory-snapshot.ts';
import { compileUnit } from '../../src/targets/bigip/compile/compile-unit.ts';
import { createBigipTarget } from '../../src/targets/bigip/index.ts';
import { collectionPath, objectPath } from '../../src/targets/bigip/names.ts';
import { lentPool } from './sample.ts';
import { blobs } from './profile-samples.ts';
import { create, unit } from './target-units.ts';

/** Where the device is. */
export interface BigipAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** PEM; left out: its certificate is not verified. */
  readonly ca?: string;
}

/** A plain client of the suite's own, with Basic authentication: what somebody else would use. */
class Rest {
  readonly #access: BigipAccess;
  readonly #agent: Agent;

  constructor(access: BigipAccess) {
    this.#access = access;
    this.#agent = new Agent({ connect: access.ca === undefined ? { rejectUnauthorized: false } : { ca: access.ca } });
  }

  async send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: Json): Promise<{ status: number; body: Json }> {
    const { url, username, password } = this.#access;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await request(new URL(path, url), {
      method,
      dispatcher: this.#agent,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text.startsWith('{') ? (JSON.parse(text) as Json) : {} };
  }

  /** As {@link send}; anything but 2xx and the `allowed` status is an error with the device's words. */
  async must(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    options: { body?: Json; allowed?: number } = {},
  ): Promise<Json | undefined> {
    const answer = await this.send(method, path, options.body);
    if (answer.status === options.allowed) return undefined;
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

/** In the order of deletion. */
const GTM_KINDS: readonly Kind[] = [
  'wideip-a',
  'wideip-aaaa',
  'gtm-pool-a',
  'gtm-pool-aaaa',
  'gtm-pool-cname',
  'gtm-server',
  'gtm-datacenter',
];
const KINDS: readonly Kind[] = [
  'virtual',
  'virtual-address',
  'policy',
  'irule',
  'pool',
  'node',
  'monitor',
  'client-ssl',
  'server-ssl',
  'http-profile',
  'tcp-profile',
  'persistence-cookie',
  'persistence-source-addr',
  'ssl-key',
  'ssl-cert',
  'arp',
  'ndp',
  'route',
  'self',
  'tunnel',
  'vxlan-profile',
];

let count = 0;

/** The BIG-IP target on a device, in a partition of its own that is removed at the end. */
export async function bigipHarness(
  access: BigipAccess,
  release: () => Promise<void> = async () => {},
): Promise<TargetHarness> {
  count += 1;
  const partition = `contract_${process.pid}_${count}`;
  const rest = new Rest(access);
  const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition };
  const vlan = `/Common/${partition}_vlan`;
  const routeDomain = 50_000 + count;
  const domain = { name: `${partition}_rd`, partition: 'Common', id: routeDomain };
  const planted = [`/mgmt/tm/net/route-domain/~Common~${domain.name}`, `/mgmt/tm/net/vlan/~Common~${partition}_vlan`];
  await rest.must('POST', '/mgmt/tm/net/route-domain', { body: domain });
  await rest.must('POST', '/mgmt/tm/net/vlan', { body: { name: `${partition}_vlan`, partition: 'Common' } });
  const { level } = (await rest.must('GET', '/mgmt/tm/sys/provision/gtm', { allowed: 404 })) ?? {};
  const dns = level !== undefined && level !== 'none';
  const target = createBigipTarget({
    ...(dns ? { dns: { servers: [] } } : {}),
    name: 'contract',
    urls: [access.url],
    username: access.username,
    password: async () => access.password,
    partition,
    instance: 'contract',
    scope: {
      lists: [[{ partitions: [partition, 'Common'] }, { poolMembers: lentPool(partition) }]],
      pools: new Set([lentPool(partition)]),
      ownPools: new Set(),
    },
    pageSize: 7,
    blobs,
    tls: access.ca === undefined ? { insecureSkipVerify: true } : { ca: access.ca },
  });
  return {
    target,
    partition,
    vlan,
    routeDomain,
    async plant(actual: Actual) {
      for (const { path, body } of compileUnit(unit(create(actual.object)), new MemorySnapshot(), context)) {
        const metadata = [...(actual.otherMetadata ?? []), ...((body?.['metadata'] as Json[] | undefined) ?? [])];
        await rest.must('POST', path, { body: metadata.length === 0 ? { ...body } : { ...body, metadata } });
      }
      const { object } = actual;
      if (!object.path.startsWith(`/${partition}/`)) planted.push(objectPath(object));
    },
    async raw(ref: Ref) {
      for (const path of placesOf(ref)) {
        const body = await rest.must('GET', `${path}?expandSubcollections=true`, { allowed: 404 });
        if (body !== undefined) return JSON.stringify(stable(body));
      }
      return undefined;
    },
    async close() {
      try {
        for (const kind of [...(dns ? GTM_KINDS : []), ...KINDS]) await clear(rest, kind, partition);
        await rest.must('DELETE', objectPath({ kind: 'partition', path: `/${partition}` }), { allowed: 404 });
        for (const path of planted) await rest.must('DELETE', path, { allowed: 404 });
      } finally {
        await Promise.all([target.close(), rest.close()]);
        await release();
      }
    },
  };
}

function placesOf(ref: Ref): readonly string[] {
  const place = { kind: kindOf(ref), path: pathOf(ref) };
  return place.kind === 'monitor' ? MONITOR_TYPES.map((type) => objectPath({ ...place, type })) : [objectPath(place)];
}

/** Removes all objects of a kind from the partition; the whole collection is read, so no filter has to work. */
async function clear(rest: Rest, kind: Kind, partition: string): Promise<void> {
  for (const type of kind === 'monitor' ? MONITOR_TYPES : [undefined]) {
    const { items = [] } = ((await rest.must('GET', collectionPath(kind, type))) ?? {}) as { items?: readonly Json[] };
    for (const item of items.filter((candidate) => isIn(candidate, partition))) {
      const path = String(item['fullPath']);
      await rest.must('DELETE', objectPath(type === undefined ? { kind, path } : { kind, path, type }), {
        allowed: 404,
      });
    }
  }
}

/** In the partition, or in `/Common` and named after it. */
function isIn(item: Json, partition: string): boolean {
  const path = String(item['fullPath']);
  return item['partition'] === partition || path.startsWith(`/Common/${partition}_`);
}

/** Without what the device counts and measures by itself. */
function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  const own = new Set(['generation', 'lastModified', 'lastModifiedTime', 'vsIndex', 'state', 'session']);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !own.has(name))
      .map(([name, item]) => [name, stable(item)]),
  );
}
