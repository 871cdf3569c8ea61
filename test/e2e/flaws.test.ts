import { expect, it } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import { notReady, service, slice } from '../support/e2e-manifests.ts';

/** Paths of objects of a kind. */
function paths(bed: Bed, kind: string): readonly string[] {
  return (bed.emulator.dump()[kind] ?? []).map(({ fullPath }) => fullPath).filter((each) => each.startsWith('/k/'));
}

it('F-04 Services of all namespaces are served; the same name in two namespaces is two', async () => {
  const bed = await makeBed();
  for (const [index, namespace] of ['default', 'kube-system', 'shop', 'a-b', 'a'].entries()) {
    const name = namespace === 'a' ? 'b-web' : 'web';
    const address = `10.1.10.${index + 1}`;
    await bed.put(
      namespace,
      service(name, { namespace, address }),
      slice(name, [`10.0.0.${index + 1}`], { namespace }),
    );
  }
  await bed.apply();
  expect(paths(bed, 'ltm/virtual')).toHaveLength(5);
  expect(paths(bed, 'ltm/pool/members')).toHaveLength(5);
});

it('F-07 what is gone is deleted, to the last object: virtual server, address, pool, monitor, node', async () => {
  const bed = await makeBed();
  await bed.put('keep', service('keep', { address: '10.1.10.1' }), slice('keep', ['10.0.0.1']));
  await bed.apply();
  const before = bed.state();
  const annotations = { 'fairlead.io/monitor-type': 'http', 'fairlead.io/address': '10.1.10.2,2001:db8::2' };
  const spec = {
    ipFamilyPolicy: 'RequireDualStack',
    ipFamilies: ['IPv4', 'IPv6'],
    ports: [
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'http' },
    ],
  };
  await bed.put('web', service('web', { annotations, spec }), slice('web', ['10.0.0.1', '10.0.0.2']));
  await bed.apply();
  expect(bed.state().size - before.size).toBeGreaterThan(10);
  await bed.remove('web');
  await bed.apply('--allow-deletes');
  expect(bed.state()).toEqual(before);
});

it('F-07 an annotation that exposes a Service, taken away, takes its objects along; the Service stays', async () => {
  const bed = await makeBed();
  await bed.put('keep', service('keep', { address: '10.1.10.1' }), slice('keep', ['10.0.0.1']));
  const clusterIp = { type: 'ClusterIP', loadBalancerClass: undefined };
  await bed.put('web', service('web', { address: '10.1.10.2', spec: clusterIp }), slice('web', ['10.0.0.2']));
  await bed.apply();
  expect(paths(bed, 'ltm/virtual')).toHaveLength(2);
  await bed.put('web', service('web', { spec: clusterIp }), slice('web', ['10.0.0.2']));
  await bed.apply();
  expect(paths(bed, 'ltm/virtual')).toEqual(['/k/shop_keep_http']);
  expect(paths(bed, 'ltm/node')).toEqual(['/k/10.0.0.1']);
});

it('F-08 named target ports are numbers on the device, also where pods name different ones', async () => {
  const bed = await makeBed();
  await bed.put(
    'web',
    service('web', { address: '10.1.10.1' }),
    slice('web', ['10.0.0.1'], { port: 8080 }),
    slice('web', ['10.0.0.2'], { port: 9090, suffix: '2' }),
  );
  await bed.apply();
  expect(paths(bed, 'ltm/pool/members')).toEqual(['/k/10.0.0.1:8080', '/k/10.0.0.2:9090']);
});

it('F-21 a pod that never was ready, and one without an address, break nothing', async () => {
  const bed = await makeBed();
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', [notReady('10.0.0.1'), '10.0.0.2']));
  await bed.put('none', service('none', { address: '10.1.10.2' }));
  const bare = slice('bare', []) as Record<string, unknown>;
  await bed.put('bare', service('bare', { address: '10.1.10.3' }), { ...bare, endpoints: null, ports: null });
  await bed.apply();
  expect(paths(bed, 'ltm/pool/members')).toEqual(['/k/10.0.0.2:8080']);
  expect(paths(bed, 'ltm/virtual')).toHaveLength(3);
});

it('F-22 IPv6 addresses are written with a dot before the port, for virtual servers and members', async () => {
  const bed = await makeBed();
  const spec = { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' };
  const pods = slice('web', ['2001:DB8:0:0::0001'], { addressType: 'IPv6' });
  await bed.put('web', service('web', { address: '2001:db8::50', spec }), pods);
  await bed.apply();
  const virtual = await bed.rest('GET', '/mgmt/tm/ltm/virtual/~k~shop_web_http');
  expect(virtual['destination']).toBe('/k/2001:db8::50.80');
  expect(paths(bed, 'ltm/pool/members')).toEqual(['/k/2001:db8::1.8080']);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('F-23 UDP and SCTP ports get virtual servers of their protocol; TCP and UDP may share a number', async () => {
  const bed = await makeBed();
  const ports = ['TCP', 'UDP', 'SCTP'].map((protocol) => ({
    name: protocol.toLowerCase(),
    port: 53,
    protocol,
    targetPort: 'http',
  }));
  const slices = ports.map(({ name, protocol }) => ({
    ...slice('dns', ['10.0.0.1'], { suffix: name, protocol }),
    ports: [{ name, port: 5353, protocol }],
  }));
  await bed.put('dns', service('dns', { address: '10.1.10.1', spec: { ports } }), ...slices);
  await bed.apply();
  const virtuals = bed.emulator.dump()['ltm/virtual'] ?? [];
  expect(virtuals.map(({ values }) => values['ipProtocol'])).toEqual(['sctp', 'tcp', 'udp']);
  expect(paths(bed, 'ltm/pool/members')).toHaveLength(3);
  expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
});

it('F-24 a headless Service with an address of its own gets its pods, and never an address called None', async () => {
  const bed = await makeBed();
  const headless = { type: 'ClusterIP', clusterIP: 'None', loadBalancerClass: undefined };
  await bed.put('web', service('web', { address: '10.1.10.1', spec: headless }), slice('web', ['10.0.0.1']));
  await bed.put('plain', service('plain', { spec: headless }), slice('plain', ['10.0.0.2']));
  await bed.apply();
  expect(paths(bed, 'ltm/virtual')).toEqual(['/k/shop_web_http']);
  expect(JSON.stringify([...bed.state()])).not.toContain('None');
});

const ATTACHED = {
  'fairlead.io/persistence': '/Common/source_addr',
  'fairlead.io/fallback-persistence': '/Common/dest_addr',
  'fairlead.io/profiles': '/Common/tcp-wan-optimized:clientside,/Common/tcp-lan-optimized:serverside,/Common/http',
  'fairlead.io/rules': '/Common/_sys_https_redirect',
  'fairlead.io/connection-limit': '10',
  'fairlead.io/snat': 'none',
  'fairlead.io/load-balancing-mode': 'ratio-member',
  'fairlead.io/slow-ramp-time': '30',
  'fairlead.io/service-down-action': 'reset',
  'fairlead.io/monitor': '/Common/http and /Common/tcp',
};

/** What cannot stand without another one: the iRule needs HTTP. */
const NEEDED_BY: Readonly<Record<string, readonly string[]>> = {
  'fairlead.io/profiles': ['fairlead.io/rules'],
  'fairlead.io/persistence': ['fairlead.io/fallback-persistence'],
};

it('F-29 an annotation that is taken away detaches what it attached, each alone and all at once', async () => {
  const bed = await makeBed();
  const put = (annotations: Readonly<Record<string, string>>): Promise<void> =>
    bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.1']));
  await put({});
  await bed.apply();
  const plain = await shown(bed);
  await put(ATTACHED);
  await bed.apply();
  const full = await shown(bed);
  expect(full).not.toBe(plain);
  for (const name of Object.keys(ATTACHED)) {
    const gone = new Set([name, ...(NEEDED_BY[name] ?? [])]);
    const left = Object.entries(ATTACHED).filter(([key]) => !gone.has(key));
    await put(Object.fromEntries(left));
    await bed.apply();
    expect([name, (await shown(bed)) === full]).toEqual([name, false]);
    expect([name, (await bed.cli('plan', '--exit-code')).code]).toEqual([name, 0]);
    await put(ATTACHED);
    await bed.apply();
    expect([name, await shown(bed)]).toEqual([name, full]);
  }
  await put({});
  await bed.apply();
  expect(await shown(bed)).toBe(plain);
});

/** What the device shows of the Service, without counts. */
async function shown(bed: Bed): Promise<string> {
  const all = [];
  for (const url of ['virtual', 'pool']) {
    all.push(await bed.rest('GET', `/mgmt/tm/ltm/${url}/~k~shop_web_http?expandSubcollections=true`));
  }
  const counts = new Set(['generation', 'vsIndex', 'creationTime', 'lastModifiedTime']);
  return JSON.stringify(all, (key, value: unknown) => (counts.has(key) ? undefined : value));
}

it('F-30 a pool’s monitor follows its annotations: another one, one of its own, of another type, none', async () => {
  const bed = await makeBed();
  const steps: readonly (readonly [Readonly<Record<string, string>>, string, readonly string[]])[] = [
    [{}, '/Common/tcp', []],
    [{ 'fairlead.io/monitor': '/Common/http' }, '/Common/http', []],
    [
      { 'fairlead.io/monitor-type': 'http', 'fairlead.io/monitor-interval': '7' },
      '/k/shop_web_http_http',
      ['/k/shop_web_http_http'],
    ],
    [
      { 'fairlead.io/monitor-type': 'http', 'fairlead.io/monitor-interval': '9' },
      '/k/shop_web_http_http',
      ['/k/shop_web_http_http'],
    ],
    [{ 'fairlead.io/monitor-type': 'tcp' }, '/k/shop_web_http_tcp', ['/k/shop_web_http_tcp']],
    [{ 'fairlead.io/monitor': 'none' }, '', []],
  ];
  for (const [annotations, monitor, own] of steps) {
    await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.1']));
    await bed.apply();
    const pool = await bed.rest('GET', '/mgmt/tm/ltm/pool/~k~shop_web_http');
    expect([annotations, ((pool['monitor'] as string | undefined) ?? '').trim()]).toEqual([annotations, monitor]);
    expect([...paths(bed, 'ltm/monitor/http'), ...paths(bed, 'ltm/monitor/tcp')]).toEqual(own);
    expect((await bed.cli('plan', '--exit-code')).code).toBe(0);
  }
});
