import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Agent, fetch } from 'undici';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';
import { parseConfig } from '../../src/config/parse.ts';

const ROOT = join(import.meta.dirname, '../..');
const ended: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

/** The commands of a page that begin with `fairlead`, the emulator's first. */
function commands(page: string): readonly string[] {
  const lines = page.split('\n').filter((line) => /^ {4}fairlead /.test(line));
  return lines.map((line) => line.trim().slice('fairlead '.length));
}

/** An example with the emulator that its page starts, but for the port. */
interface Lab {
  readonly config: string;
  /** What the page does after it has started the emulator. */
  readonly others: readonly string[];
  readonly send: (path: string, init?: { readonly method: string; readonly body: string }) => Promise<unknown>;
}

async function start(page: string, example: string): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-docs-'));
  ended.push(() => rm(folder, { recursive: true }));
  const at = (file: string): string => join(folder, file);
  await cp(join(ROOT, example), folder, { recursive: true });
  await writeFile(at('password'), 'secret\n');
  const [first = '', ...others] = commands(page);
  const words = first.split(/\s+/).map((word) => (/\.(pem|conf)$|^password$/.test(word) ? at(word) : word));
  expect(words[0]).toBe('emulator');
  const io = fakeIo();
  const running = runCli(['emulator', '--listen', '127.0.0.1:0', ...words.slice(1)], { io, makeLanes });
  await io.untilOut('ends it.');
  ended.push(async () => {
    io.signal();
    await running;
  });
  const url = /https:\/\/127\.0\.0\.1:\d+/.exec(io.out())?.[0] ?? '';
  const config = await readFile(at('fairlead.yaml'), 'utf8');
  await writeFile(at('fairlead.yaml'), config.replace('https://127.0.0.1:8443', url));
  const agent = new Agent({ connect: { ca: await readFile(at('emulator.pem'), 'utf8') } });
  ended.push(() => agent.destroy());
  const authorization = `Basic ${Buffer.from('admin:secret').toString('base64')}`;
  const send: Lab['send'] = async (path, init = { method: 'GET', body: '' }) => {
    const { method, body } = init;
    const given = { method, ...(body === '' ? {} : { body }) };
    const answer = await fetch(`${url}${path}`, { ...given, dispatcher: agent, headers: { authorization } });
    return await answer.json();
  };
  return { config: at('fairlead.yaml'), others, send };
}

/** Does what a page says with an example. */
async function follow(
  page: string,
  example: string,
): Promise<(collection: string) => Promise<Record<string, unknown>[]>> {
  const { config, others, send } = await start(page, example);
  expect(others).toEqual(['check', 'plan', 'apply --yes']);
  for (const line of [...others, 'plan --exit-code']) {
    const { io: one, code } = await run(line, config);
    expect([line, code, one.err()]).toEqual([line, 0, '']);
  }
  return async (collection) =>
    ((await send(`/mgmt/tm/${collection}`)) as { items?: Record<string, unknown>[] }).items ?? [];
}

async function run(line: string, config: string): Promise<{ io: ReturnType<typeof fakeIo>; code: number }> {
  const io = fakeIo();
  const code = await runCli([...line.split(/\s+/), '-c', config], { io, makeLanes });
  return { io, code };
}

it('docs/static-routes.md: every plug-in gives the routes that its section names', async () => {
  const page = await readFile(join(ROOT, 'docs/static-routes.md'), 'utf8');
  const items = await follow(page, 'examples/static-routes');
  const named = [...page.matchAll(/^ {4}(\S+\/\d+) -> (\S+)$/gm)].map(
    ([, network, gateway]) => `${network} ${gateway}`,
  );
  const routes = (await items('net/route')).map(({ network, gw }) => `${String(network)} ${String(gw)}`);
  expect(named).toHaveLength(10);
  expect(routes.sort()).toEqual(named.sort());
  const clusters = /sources:[\s\S]*targets:/.exec(
    await readFile(join(ROOT, 'examples/static-routes/fairlead.yaml'), 'utf8'),
  );
  const plugins = [...(clusters?.[0] ?? '').matchAll(/cni: ([\w-]+)/g)].map(([, cni = '']) => cni);
  for (const cni of plugins) expect(page).toContain(`podNetwork: { cni: ${cni} }`);
});

it('docs/flannel.md: the device has what the table of the page says, and the config of the page is one', async () => {
  const page = await readFile(join(ROOT, 'docs/flannel.md'), 'utf8');
  const items = await follow(page, 'examples/flannel');
  expect(await items('net/tunnels/vxlan?$filter=partition eq kubernetes')).toMatchObject([
    { name: 'fl-vxlan_profile', port: 8472, floodingType: 'none' },
  ]);
  expect(await items('net/tunnels/tunnel?$filter=partition eq kubernetes')).toMatchObject([
    { name: 'fl-vxlan', key: 1, localAddress: '10.1.20.60' },
  ]);
  expect(await items('net/self?$filter=partition eq kubernetes')).toMatchObject([
    { name: 'fl-vxlan_self', address: '10.244.20.60/16', vlan: '/kubernetes/fl-vxlan' },
  ]);
  const records = await items('net/fdb/tunnel/~kubernetes~fl-vxlan/records');
  const told = records.map(({ name, endpoint }) => `${String(name)} at ${String(endpoint)}`);
  expect(told).toHaveLength(2);
  for (const record of told) expect(page).toContain(record);
  expect((await items('net/arp')).map(({ name }) => name)).toEqual(['east_10.244.1.5', 'east_10.244.2.9']);
  const [config = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(parseConfig(config, 'docs/flannel.md').diagnostics).toEqual([]);
});

it('docs/calico-bgp.md: check and plan name the blocks that the device has no route to, and nothing is written', async () => {
  const page = await readFile(join(ROOT, 'docs/calico-bgp.md'), 'utf8');
  const { config, others, send } = await start(page, 'examples/calico-bgp');
  expect(others).toEqual(['check']);
  const said = page.split('\n').find((line) => line.includes('has no route to its block'));
  const failed = await run('check', config);
  expect(failed.code).toBe(1);
  expect(failed.io.out().replaceAll(/\s+/g, ' ')).toContain(said?.trim());
  expect(failed.io.out().replaceAll(/\s+/g, ' ')).toContain(
    'Node node1 (east.network): the device has no route to its block 192.168.93.192/26',
  );

  const body = /-d '([\s\S]*?)'/.exec(page)?.[1] ?? '';
  const { items } = JSON.parse(body) as { items: readonly object[] };
  await send('/emulator/routes', { method: 'PUT', body });
  const content = await run('check', config);
  expect([content.code, content.io.out()]).toMatchObject([0, expect.stringContaining('each of 2 blocks')]);

  // The session with the second node is lost.
  await send('/emulator/routes', { method: 'PUT', body: JSON.stringify({ items: items.slice(0, 1) }) });
  const plan = await run('plan --output json', config);
  expect(plan.code).toBe(0);
  expect(JSON.parse(plan.io.out())).toMatchObject({
    plans: [{ diagnostics: [{ code: 'route-not-learned', severity: 'warning', origin: 'east.network:Node/node2' }] }],
  });
  const lost = await run('check', config);
  expect(lost.code).toBe(1);
  expect(lost.io.out()).toContain('node2');
  expect(lost.io.out()).not.toContain('node1');
  const { items: written } = (await send('/emulator/log')) as { items: readonly { method: string; path: string }[] };
  const changes = written.filter(({ method, path }) => method !== 'GET' && path.startsWith('/mgmt/tm/'));
  expect(changes).toEqual([]);
});
