import { Resolver } from 'node:dns/promises';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';
import { parseConfig } from '../../src/config/parse.ts';

const ROOT = join(import.meta.dirname, '../..');
const emulator = fakeIo();
let folder: string;
let page: string;
let ended: Promise<number>;
let resolver: Resolver;

const at = (file: string): string => join(folder, file);

/** The commands of the page that begin with these words, without the words. */
function commands(start: string): readonly string[] {
  const lines = page.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
}

async function fairlead(line: string): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo();
  const code = await runCli([...line.split(/\s+/), '-c', at('fairlead.yaml')], { io, makeLanes });
  return { code, out: io.out(), err: io.err() };
}

/** Two queries, for two Services may take turns. */
async function answersTo(
  name: string,
  { isSix, isName }: { isSix: boolean; isName: boolean },
): Promise<readonly string[]> {
  const ask = async (): Promise<readonly string[]> => {
    if (isName) return await resolver.resolveCname(name);
    return isSix ? await resolver.resolve6(name) : await resolver.resolve4(name);
  };
  return [...(await ask()), ...(await ask())];
}

/** As docs/dns.md says it, but for the ports. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-dns-'));
  page = await readFile(join(ROOT, 'docs/dns.md'), 'utf8');
  await cp(join(ROOT, 'examples/dns'), folder, { recursive: true });
  await writeFile(at('password'), 'secret\n');
  const [flags = ''] = commands('fairlead emulator');
  const args = flags.split(/\s+/).map((word) => (/\.(pem|conf)$|^password$/.test(word) ? at(word) : word));
  ended = runCli(['emulator', '--listen', '127.0.0.1:0', ...args], { io: emulator, makeLanes });
  await emulator.untilOut('ends it.');
  const out = emulator.out();
  const config = await readFile(at('fairlead.yaml'), 'utf8');
  const url = /https:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '';
  await writeFile(at('fairlead.yaml'), config.replace('https://127.0.0.1:8443', url));
  resolver = new Resolver({ timeout: 10_000, tries: 3 });
  resolver.setServers([`127.0.0.1:${/dns_udp\s.*127\.0\.0\.1:(\d+)/.exec(out)?.[1] ?? ''}`]);
});

afterAll(async () => {
  emulator.signal();
  await ended;
  await rm(folder, { recursive: true });
});

it('the commands of docs/dns.md check, plan and apply the example', async () => {
  const lines = ['check', 'plan', 'apply --yes'];
  expect(commands('fairlead').filter((line) => !line.startsWith('emulator'))).toEqual(lines);
  for (const line of lines) expect(await fairlead(line)).toMatchObject({ code: 0, err: '' });
  expect((await fairlead('plan --exit-code')).code).toBe(0);
});

it('every query of the page is answered as it says', async () => {
  const queries = commands('dig +short').filter((line) => line.includes('#'));
  expect(queries).toHaveLength(4);
  for (const query of queries) {
    const [, name = '', type = '', text = ''] = /@127\.0\.0\.1 (\S+)( aaaa)?\s+# (\S+)/.exec(query) ?? [];
    const expected = text.replace(/[,.]$/, '');
    expect(await answersTo(name, { isSix: type !== '', isName: expected.endsWith('.com') })).toContain(expected);
  }
});

it('the configs of the page are read without a problem', () => {
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const [target = '', source = '', names = ''] = blocks;
  expect(parseConfig(`instance: lab\n${source}${target}`, 'docs/dns.md').diagnostics).toEqual([]);
  expect(parseConfig(names, 'docs/dns.md').diagnostics).toEqual([]);
});
