import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { expect, it } from 'vitest';
import { Backends } from '../../src/cli/demo/backends.ts';
import { sendRequests } from '../../src/cli/demo/traffic.ts';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import type { Listener } from '../../src/emulator/dataplane/model.ts';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { type Bed, later, makeBed, PASSWORD, until } from '../support/e2e.ts';
import { service, slice, terminating } from '../support/e2e-manifests.ts';

/** Small servers in place of pods, one set for each route domain: the same address is another pod in another domain. */
class Pods {
  readonly #domains = new Map<number, Backends>();

  async start(address: string, more: { readonly domain?: number; readonly protocol?: string } = {}): Promise<void> {
    const { domain = 0, protocol = 'TCP' } = more;
    const backends = this.#domains.get(domain) ?? new Backends();
    this.#domains.set(domain, backends);
    await backends.start({ address, port: 8080, protocol, service: `domain ${domain}` });
  }

  reach = (member: { address: string; port: number; routeDomain: number }): { address: string; port: number } =>
    this.#domains.get(member.routeDomain)?.reach(member.address, member.port) ?? { address: '127.0.0.1', port: 9 };

  async close(): Promise<void> {
    for (const backends of this.#domains.values()) await backends.close();
  }
}

async function start(): Promise<{ readonly emulator: Emulator; readonly pods: Pods }> {
  const pods = new Pods();
  later(() => pods.close());
  const emulator = await startEmulator({
    users: [{ name: 'admin', password: PASSWORD }],
    dataPlane: () => createDataPlane({ map: 'always', timeScale: 0.1, reach: pods.reach }),
  });
  later(() => emulator.close());
  return { emulator, pods };
}

async function listenerOf(emulator: Emulator, virtual: string): Promise<Listener> {
  await emulator.dataPlane?.settled();
  const found = emulator.listeners().find((listener) => listener.virtual === virtual);
  if (found?.port === undefined) throw new Error(`nothing listens for ${virtual}: ${found?.problem ?? 'unknown'}`);
  return found;
}

/** Waits until just these pods answer; the pods that answered last, sorted. */
async function answering(emulator: Emulator, virtual: string, expected: readonly string[]): Promise<readonly string[]> {
  const ask = async (): Promise<readonly string[]> => {
    const answers = await sendRequests(await listenerOf(emulator, virtual), 3 * expected.length);
    return [...answers.keys()];
  };
  await until(`${expected.join(' and ')} answer for ${virtual}`, async () => String(await ask()) === String(expected));
  return await ask();
}

const NO_MONITOR = { 'fairlead.io/monitor': 'none' };

it('AC-10 requests reach the pods; one that goes away gets no new ones; one that is gone is never asked', async () => {
  const { emulator, pods } = await start();
  const bed = await makeBed({ on: emulator });
  for (const last of [1, 2, 3]) await pods.start(`10.0.0.${last}`);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1', '10.0.0.2']));
  const running = await bed.run().started();
  expect(
    await answering(emulator, '/k/shop_web_http', ['domain 0 on 10.0.0.1:8080', 'domain 0 on 10.0.0.2:8080']),
  ).toEqual(['domain 0 on 10.0.0.1:8080', 'domain 0 on 10.0.0.2:8080']);
  await bed.put(
    'web',
    service('web', { address: '10.1.10.1' }),
    slice('web', ['10.0.0.1', terminating('10.0.0.2'), '10.0.0.3']),
  );
  expect(
    await answering(emulator, '/k/shop_web_http', ['domain 0 on 10.0.0.1:8080', 'domain 0 on 10.0.0.3:8080']),
  ).toEqual(['domain 0 on 10.0.0.1:8080', 'domain 0 on 10.0.0.3:8080']);
  await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.3']));
  expect(await answering(emulator, '/k/shop_web_http', ['domain 0 on 10.0.0.3:8080'])).toEqual([
    'domain 0 on 10.0.0.3:8080',
  ]);
  await running.stop();
});

it('no request is lost while pods come and go', async () => {
  const { emulator, pods } = await start();
  const bed = await makeBed({ on: emulator });
  for (let last = 1; last < 9; last += 1) await pods.start(`10.0.0.${last}`);
  const annotations = NO_MONITOR;
  const put = (...ips: readonly string[]): Promise<void> =>
    bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ips));
  await put('10.0.0.1', '10.0.0.2');
  const running = await bed.run().started();
  const listener = await listenerOf(emulator, '/k/shop_web_http');
  const over = new AbortController();
  const errors: string[] = [];
  const load = (async () => {
    while (!over.signal.aborted)
      for (const who of (await sendRequests(listener, 5)).keys()) if (!who.includes(' on ')) errors.push(who);
  })();
  for (let last = 1; last < 8; last += 1) {
    const before = running.cycles('change').length;
    await put(`10.0.0.${last}`, `10.0.0.${last + 1}`);
    if (last > 1) await until('it is there', () => running.cycles('change').length > before);
  }
  over.abort();
  await load;
  await running.stop();
  expect(errors).toEqual([]);
});

/** Sends a datagram and gives the answer. */
function ask({ address = '', port = 0 }: Listener, text: string): Promise<string> {
  const socket = createSocket('udp4');
  return new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in 3 s')), 3000);
    socket.on('message', (message) => {
      clearTimeout(timer);
      resolve(message.toString());
    });
    socket.send(text, port, address);
  }).finally(() => socket.close());
}

it('F-23 datagrams reach the pods of a UDP Service', async () => {
  const { emulator, pods } = await start();
  const bed = await makeBed({ on: emulator });
  await pods.start('10.0.0.1', { protocol: 'UDP' });
  const dns = service('dns', { address: '10.1.10.1', protocol: 'UDP', port: 53, annotations: NO_MONITOR });
  await bed.put('dns', dns, slice('dns', ['10.0.0.1'], { protocol: 'UDP' }));
  await bed.apply();
  expect(await ask(await listenerOf(emulator, '/k/shop_dns_http'), 'who')).toBe('domain 0 on 10.0.0.1:8080 heard who');
});

it('F-22 a dual-stack Service answers on both addresses, each with pods of its family', async () => {
  const { emulator, pods } = await start();
  const bed = await makeBed({ on: emulator });
  for (const address of ['10.0.0.1', '2001:db8:1::1']) await pods.start(address);
  const spec = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] };
  await bed.put(
    'web',
    service('web', { address: '10.1.10.1,2001:db8::50', spec }),
    slice('web', ['10.0.0.1']),
    slice('web', ['2001:db8:1::1'], { addressType: 'IPv6', suffix: '6' }),
  );
  await bed.apply();
  expect(await answering(emulator, '/k/shop_web_http', ['domain 0 on 10.0.0.1:8080'])).toEqual([
    'domain 0 on 10.0.0.1:8080',
  ]);
  expect(await answering(emulator, '/k/shop_web_http_v6', ['domain 0 on 2001:db8:1::1:8080'])).toEqual([
    'domain 0 on 2001:db8:1::1:8080',
  ]);
});

/** Makes route domain 2, and the partition `west`. */
async function makeDomain(bed: Bed, isDefault: boolean): Promise<void> {
  await bed.rest('POST', '/mgmt/tm/net/route-domain', { name: '2', partition: 'Common', id: 2 });
  const domain = isDefault ? { defaultRouteDomain: 2 } : {};
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'west', ...domain });
}

it.each([
  ['the default of the partition', true, ''],
  ['chosen in the config', false, '      routeDomain: 2'],
])(
  'route domain 2 (%s): two clusters with the same addresses share a device, and their pods never mix',
  async (_, isDefault, bigip) => {
    const { emulator, pods } = await start();
    const east = await makeBed({ on: emulator, instance: 'east', partition: 'east' });
    const west = await makeBed({ on: emulator, instance: 'west', partition: 'west', bigip });
    await makeDomain(west, isDefault);
    for (const domain of [0, 2]) await pods.start('10.0.0.1', { domain });
    for (const bed of [east, west]) {
      await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
      await bed.apply();
    }
    expect(await answering(emulator, '/east/shop_web_http', ['domain 0 on 10.0.0.1:8080'])).toEqual([
      'domain 0 on 10.0.0.1:8080',
    ]);
    expect(await answering(emulator, '/west/shop_web_http', ['domain 2 on 10.0.0.1:8080'])).toEqual([
      'domain 2 on 10.0.0.1:8080',
    ]);
    for (const bed of [east, west]) {
      emulator.log.clear();
      await bed.apply();
      expect(bed.writes()).toEqual([]);
    }
    await west.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.7']));
    await west.apply();
    expect([...west.state().keys()].filter((key) => key.startsWith('ltm/node  /west'))).toHaveLength(1);
    await west.put('web', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await west.apply('--allow-deletes');
    expect([...west.state().keys()].filter((key) => key.includes('/west/'))).toEqual([]);
    expect(await answering(emulator, '/east/shop_web_http', ['domain 0 on 10.0.0.1:8080'])).toEqual([
      'domain 0 on 10.0.0.1:8080',
    ]);
  },
);

/** What a client with this address gets: the answer's first line, or why there is none. */
function askFrom(localAddress: string, { address = '', port = 0 }: Listener): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host: address, port, localAddress, agent: false }, (response) => {
      response.resume();
      resolve(String(response.statusCode));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

it('several source ranges: clients of each come in, all others are reset, and at no moment is it open wider', async () => {
  const { emulator, pods } = await start();
  const bed = await makeBed({ on: emulator });
  await pods.start('10.0.0.1');
  const virtual = '/k/shop_web_http';
  const asked = ['127.0.0.2', '127.0.0.5', '127.0.0.9'];
  const put = async (ranges: readonly string[], type = 'standard'): Promise<void> => {
    const annotations = { ...NO_MONITOR, 'fairlead.io/type': type };
    const made = service('web', { address: '10.1.10.1', annotations, spec: { loadBalancerSourceRanges: ranges } });
    await bed.put('web', made, slice('web', ['10.0.0.1']));
    await bed.apply();
  };
  const answers = async (): Promise<readonly string[]> => {
    const listener = await listenerOf(emulator, virtual);
    return await Promise.all(asked.map((from) => askFrom(from, listener)));
  };
  await put(['127.0.0.2/32', '127.0.0.4/31', '2001:db8::/32']);
  expect(await answers()).toEqual(['200', '200', 'ECONNRESET']);
  const rules = (): readonly string[] => [...bed.state().keys()].filter((key) => /^ltm\/rule .*\/k\//.test(key));
  expect(rules()).toEqual(['ltm/rule  /k/Clients_shop_web']);
  bed.emulator.log.clear();
  await put(['127.0.0.2/32', '127.0.0.4/31', '127.0.0.9/32']);
  expect(bed.writes().filter((write) => write.includes('/ltm/'))).toEqual([
    'PATCH /mgmt/tm/ltm/rule/~k~Clients_shop_web',
  ]);
  expect(await answers()).toEqual(['200', '200', '200']);
  await put(['127.0.0.2/32', '127.0.0.4/31'], 'l4');
  expect(await answers()).toEqual(['200', '200', 'ECONNRESET']);
  // One network is the virtual server's own; the iRule goes, and between the two nobody else comes in.
  const during = new Set<string>();
  const moved = put(['127.0.0.4/31'], 'l4').then(() => 'done');
  while ((await Promise.race([moved, (async () => during.add((await answers())[2] ?? ''))()])) !== 'done');
  expect([...during]).not.toContain('200');
  expect((await answers())[1]).toBe('200');
  expect(rules()).toEqual([]);
  await put([]);
  expect(await answers()).toEqual(['200', '200', '200']);
});

it('an iRule of somebody else in place of the one that keeps clients out: no virtual server without it', async () => {
  const { emulator } = await start();
  const bed = await makeBed({ on: emulator });
  await bed.rest('POST', '/mgmt/tm/auth/partition', { name: 'k' });
  await bed.rest('POST', '/mgmt/tm/ltm/rule', {
    name: 'Clients_shop_web',
    partition: 'k',
    apiAnonymous: 'when RULE_INIT { }',
  });
  const spec = { loadBalancerSourceRanges: ['10.0.0.0/8', '192.168.0.0/16'] };
  await bed.put('web', service('web', { address: '10.1.10.1', spec }));
  const { out } = await bed.cli('apply', '--yes');
  expect(out).toContain(
    'virtual server /k/shop_web_http waits: iRule /k/Clients_shop_web exists on the device and is not ours',
  );
  expect([...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual '))).toEqual([]);
});
