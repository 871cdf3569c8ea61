import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';

const ROOT = join(import.meta.dirname, '../..');
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A page with its example, at work. */
export interface Lab {
  /** Where the copy of the example is. */
  readonly folder: string;
  readonly page: string;
  readonly fairlead: (line: string) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  readonly items: (collection: string) => Promise<readonly Item[]>;
}

/** An object as the device shows it. */
export interface Item {
  readonly name: string;
  readonly destination?: string;
  readonly pool?: string;
  readonly membersReference?: { readonly items?: readonly { readonly name: string }[] };
}

/** A copy of an example, and the emulator that its page starts, at a free port. `patch` changes other addresses of the configuration. */
export async function lab(
  example: string,
  file: string,
  patch: (config: string) => string = (config) => config,
): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-docs-'));
  open.push(() => rm(folder, { recursive: true }));
  await cp(join(ROOT, 'examples', example), folder, { recursive: true });
  await writeFile(join(folder, 'password'), 'secret\n');
  const page = await readFile(join(ROOT, 'docs', file), 'utf8');
  const io = fakeIo();
  const [flags = ''] = commandsOf(page, 'fairlead emulator');
  const words = flags.split(/\s+/).map((word) => word.replace('127.0.0.1:8443', '127.0.0.1:0'));
  const args = words.map((word) => (/\.(pem|conf)$|^password$/.test(word) ? join(folder, word) : word));
  const ended = runCli(['emulator', ...args], { io, makeLanes });
  open.push(async () => {
    io.signal();
    await ended;
  });
  await io.untilOut('ends it.');
  const url = /https:\/\/127\.0\.0\.1:\d+/.exec(io.out())?.[0] ?? '';
  const config = join(folder, 'fairlead.yaml');
  await writeFile(config, patch(await readFile(config, 'utf8')).replace('https://127.0.0.1:8443', url));
  const fairlead = async (line: string) => {
    const out = fakeIo();
    const code = await runCli([...line.split(/\s+/), '-c', config], { io: out, makeLanes });
    return { code, out: out.out(), err: out.err() };
  };
  const items = async (collection: string): Promise<readonly Item[]> => {
    const script = `/mgmt/tm/${collection}?expandSubcollections=true`;
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const headers = { authorization: `Basic ${btoa('admin:secret')}` };
    const { body } = await request(url + script, { headers, dispatcher });
    const answer = (await body.json()) as { readonly items?: readonly Item[] };
    await dispatcher.close();
    return answer.items ?? [];
  };
  return { folder, page, fairlead, items };
}

/** The lines of the page that begin so, without that. */
export function commandsOf(page: string, start: string): readonly string[] {
  const lines = page.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
}

/** The rows of the table with this header: the words in backquotes, cell by cell. */
export function rowsOf(page: string, header: string): readonly (readonly (readonly string[])[])[] {
  const [table = ''] = (page.split(`${header}\n`)[1] ?? '').split('\n\n');
  const lines = table.split('\n').slice(1);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')),
  );
}

/** The commands of the page, as they stand: check, plan, apply; then there is nothing left to do. */
export async function runPage({ page, fairlead }: Lab): Promise<void> {
  const lines = commandsOf(page, 'fairlead ').filter((line) => !line.startsWith('emulator'));
  expect(lines).toEqual(['check', 'plan', 'apply --yes']);
  for (const line of lines) {
    const { code, out, err } = await fairlead(line);
    // What an example warns of, everybody copies.
    expect([line, code, err, /^ *warning .*/m.exec(out)?.[0]]).toEqual([line, 0, '', undefined]);
  }
  expect((await fairlead('plan --exit-code')).code).toBe(0);
}

/** The virtual servers of the device, as the tables of pages write them. */
export async function virtualsOf(made: Lab): Promise<readonly (readonly (readonly (string | undefined)[])[])[]> {
  const pools = new Map((await made.items('ltm/pool')).map((pool) => [pool.name, pool]));
  return (await made.items('ltm/virtual')).map(({ name, destination = '', pool = '' }) => {
    const members = pools.get(pool.split('/').at(-1) ?? '')?.membersReference?.items ?? [];
    return [[name], [destination.split('/').at(-1)], members.map((member) => member.name)];
  });
}
