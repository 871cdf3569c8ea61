import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';
import { FIELD_NAMES, fields } from '../../src/sources/tables/fields.ts';

/** Pages whose commands work as they stand, and whose tables say what is on the device afterwards. */
const ROOT = join(import.meta.dirname, '../..');
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Lab {
  readonly page: string;
  readonly fairlead: (line: string) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  readonly items: (collection: string) => Promise<readonly Item[]>;
}

interface Item {
  readonly name: string;
  readonly destination?: string;
  readonly pool?: string;
  readonly membersReference?: { readonly items?: readonly { readonly name: string }[] };
}

/** A copy of an example, and the emulator that its page starts, at a free port. */
async function lab(example: string, file: string): Promise<Lab> {
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
  await writeFile(config, (await readFile(config, 'utf8')).replace('https://127.0.0.1:8443', url));
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
  return { page, fairlead, items };
}

function commandsOf(page: string, start: string): readonly string[] {
  const lines = page.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).trim());
}

/** The rows of the table with this header: the words in backquotes, cell by cell. */
function rowsOf(page: string, header: string): readonly (readonly (readonly string[])[])[] {
  const [table = ''] = (page.split(`${header}\n`)[1] ?? '').split('\n\n');
  const lines = table.split('\n').slice(1);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')),
  );
}

async function runPage({ page, fairlead }: Lab): Promise<void> {
  const lines = commandsOf(page, 'fairlead ').filter((line) => !line.startsWith('emulator'));
  expect(lines).toEqual(['check', 'plan', 'apply --yes']);
  for (const line of lines) expect(await fairlead(line)).toMatchObject({ code: 0, err: '' });
  expect((await fairlead('plan --exit-code')).code).toBe(0);
}

it.each([
  ['services', 'services.md'],
  ['files', 'sources/files.md'],
  ['spreadsheet', 'sources/spreadsheets.md'],
])(
  'examples/%s: the commands of docs/%s work as they stand, and its table is what they make',
  async (example, file) => {
    const made = await lab(example, file);
    await runPage(made);
    const rows = rowsOf(made.page, '| virtual server | destination | pool |');
    const pools = new Map((await made.items('ltm/pool')).map((pool) => [pool.name, pool]));
    const virtuals = (await made.items('ltm/virtual')).map(({ name, destination = '', pool = '' }) => {
      const members = pools.get(pool.split('/').at(-1) ?? '')?.membersReference?.items ?? [];
      return [[name], [destination.split('/').at(-1)], members.map((member) => member.name)];
    });
    expect(virtuals).toEqual(rows);
  },
);

it('docs/from-codeshare.md: the commands work as they stand, and its table is what they make', async () => {
  const made = await lab('codeshare', 'from-codeshare.md');
  await runPage(made);
  const rows = rowsOf(made.page, '| object | made |').map(([, names = []]) => names);
  const collections = ['net/route', 'ltm/pool', 'ltm/virtual', 'ltm/policy', 'gtm/wideip/a'];
  expect(rows).toHaveLength(collections.length);
  for (const [index, collection] of collections.entries()) {
    const names = (await made.items(collection)).map(({ name }) => name).filter((name) => !name.startsWith('_sys'));
    expect([collection, names.toSorted()]).toEqual([collection, rows[index]]);
  }
});

it('docs/sources/files.md has every field of the row model, word by word', async () => {
  const file = join(ROOT, 'docs/sources/files.md');
  const page = await readFile(file, 'utf8');
  const lines = FIELD_NAMES.map(
    (name) => `| \`${name}\` | ${fields[name].of} | ${fields[name].effect} | ${fields[name].form} |`,
  );
  const table = ['| field | of | effect | value |', '|---|---|---|---|', ...lines].join('\n');
  const written = page.replace(
    /(<!-- fields:start -->\n)[^]*(<!-- fields:end -->)/,
    (_, start: string, end: string) => `${start}${table}\n${end}`,
  );
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(file, written);
  expect(await readFile(file, 'utf8')).toBe(written);
});
