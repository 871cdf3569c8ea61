import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bed } from './testing/bed.ts';
import { bed, open, read, signal, TABLE, wanted } from './testing/bed.ts';

function csv(delimiter: string, end = '\n'): string {
  return TABLE.map((row) => row.join(delimiter)).join(end) + end;
}

function objects(): readonly Readonly<Record<string, string>>[] {
  const [head, ...rows] = TABLE;
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
}

describe('tables in files', () => {
  it('AC-80 the same three services in CSV, TSV, text, YAML and JSON give the same objects', async () => {
    const first = await read('vips.csv', csv(','));
    expect(first).toMatchObject({ complete: true, diagnostics: [] });
    expect(first.contributions).toHaveLength(6);
    const yaml = objects().map((row) => `- ${JSON.stringify(row)}`);
    const forms: readonly (readonly [string, string])[] = [
      ['vips.tsv', csv('\t')],
      ['vips.txt', csv('|')],
      ['semicolon.csv', csv(';')],
      ['vips.json', JSON.stringify(objects())],
      ['vips.yaml', `${yaml.join('\n')}\n`],
      ['rows.yml', `rows:\n${yaml.join('\n')}\n`],
    ];
    for (const [name, content] of forms) {
      const other = await read(name, content);
      expect([name, wanted(other.contributions)]).toEqual([name, wanted(first.contributions)]);
    }
  });

  it('AC-80 what a service becomes: members with weight and state, IPv6, protocol', async () => {
    const { contributions } = await read('vips.csv', csv(','));
    const all = contributions.flatMap(({ objects: given }) => given);
    expect(all.filter(({ kind }) => kind === 'pool')).toMatchObject([
      { path: '/k/shop_443', members: [{ ratio: 10 }, { ratio: 20 }] },
      { path: '/k/blog_80', members: [{ port: 8080, adminState: 'disabled' }] },
      { path: '/k/dns_53', members: [{ address: { ip: '2001:db8::4' } }] },
    ]);
    expect(all.find(({ kind, path }) => kind === 'virtual' && path === '/k/dns_53')).toMatchObject({
      ipProtocol: 'udp',
      profiles: [{ path: '/Common/udp' }],
    });
  });

  it.each([
    ['CRLF', csv(',', '\r\n')],
    ['a mark of UTF-8', `\uFEFF${csv(',')}`],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${csv('\t')}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${csv('\t')}`, 'utf16le').swap16()],
  ])('AC-82 %s changes nothing', async (_, content) => {
    const plain = await read('vips.csv', csv(','));
    expect(wanted((await read('vips.csv', content)).contributions)).toEqual(wanted(plain.contributions));
  });

  it('reads a code page that is named, and refuses bytes that are no text', async () => {
    const latin = Buffer.from(csv(',').replace('blog', 'café'), 'latin1');
    const { diagnostics, complete } = await read('vips.csv', latin);
    expect([complete, diagnostics[0]?.summary]).toEqual([
      false,
      expect.stringContaining('vips.csv: is not UTF-8, expected that or another encoding beside it (encoding)'),
    ]);
    const named = await read('vips.csv', latin, { encoding: 'windows-1252' });
    expect(named.contributions.map(({ origin }) => origin)).toContain('sheet:Service/café/80');
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['the header alone', 'Service,VIP,Port,Server,Server Port\n', 'has no rows'],
    ['blank rows', 'Service,VIP,Port,Server,Server Port\n,,,,\n,,,,\n', 'has no rows'],
    ['an empty list', '[]', 'has no rows'],
  ])('AC-83 a file with %s is refused, and nothing is deleted', async (_, content, why) => {
    const { complete, contributions, diagnostics } = await read(content === '[]' ? 'a.json' : 'a.csv', content);
    expect([complete, contributions]).toEqual([false, []]);
    expect(diagnostics.map(({ summary }) => summary).join()).toContain(why);
  });

  it('AC-83 a table without rows is taken where it is meant so', async () => {
    const header = 'Service,VIP,Port,Server,Server Port\n';
    expect(await read('a.csv', header, { allowEmpty: true })).toMatchObject({ complete: true, contributions: [] });
  });
});

describe('bad rows', () => {
  const rows = csv(',').replace('10.0.0.3', '10.0.0.300');

  it('are named by file, row, column, what was found and what was expected; only their service stays as it is', async () => {
    const { complete, contributions } = await read('vips.csv', rows);
    expect(complete).toBe(true);
    const frozen = contributions.filter(({ frozen: is }) => is === true);
    expect(frozen.map(({ origin }) => origin)).toEqual(['sheet:Service/blog/80', 'sheet:Service/blog/80']);
    expect(frozen[0]?.diagnostics[0]?.summary).toMatch(
      /vips\.csv, row 4, column Server: member is "10\.0\.0\.300", expected an IP address of one host, with or without a port/,
    );
  });

  it('are left out, or nothing is taken, as configured', async () => {
    const skipped = await read('vips.csv', rows, { badRows: 'skip' });
    expect(skipped.contributions.some(({ frozen }) => frozen === true)).toBe(false);
    const refused = await read('vips.csv', rows, { badRows: 'refuse' });
    expect([refused.complete, refused.contributions.every(({ frozen }) => frozen === true)]).toEqual([false, true]);
  });

  it.each([
    ['a row with a value too many', 'a,10.1.1.1,80,10.0.0.1,80,x\n', 'row 2: has 6 values, expected 5'],
    ['a row without a service', ',10.1.1.1,80,10.0.0.1,80\n', 'row 2: service is empty'],
    ['a port that is none', 'a,10.1.1.1,0,10.0.0.1,80\n', 'column Port: port is "0", expected a port from 1 to 65535'],
    ['an address that a spreadsheet made a number', 'a,10.1,80,10.0.0.1,80\n', 'vip is "10.1", expected an IP address'],
    [
      'two addresses of one service',
      'a,10.1.1.1,80,10.0.0.1,80\na,10.1.1.2,80,10.0.0.2,80\n',
      'row 3: vip differs from that of',
    ],
    ['a member without a port', 'a,,,10.0.0.1,\n', 'member 10.0.0.1 has no port, expected one behind it'],
    ['an address without a port', 'a,10.1.1.1,,10.0.0.1,80\n', 'vip has no port, expected one behind it, or port'],
  ])('%s is told with its place', async (_, text, expected) => {
    const { contributions, diagnostics } = await read('t.csv', `Service,VIP,Port,Server,Server Port\n${text}`);
    const all = [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
    expect(all.map(({ summary }) => summary).join('\n')).toContain(expected);
  });

  it('a member that stands twice with two weights is told with both rows', async () => {
    const text = csv(',').replace('10.0.0.2', '10.0.0.1');
    const { contributions } = await read('vips.csv', text);
    const told = contributions.flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary));
    expect(told.join()).toMatch(/row 3: member 10\.0\.0\.1:8443 differs from that of .*row 2, expected it once/);
  });

  it('a column that the mapping names and the table lacks is told with the columns that are there', async () => {
    const { diagnostics } = await read('vips.csv', csv(','), { mapping: { vip: { column: 'Vips' } } });
    expect(diagnostics[0]?.summary).toMatch(
      /has no column "Vips", which vip is read from; there are .*did you mean VIP\?/,
    );
  });
});

describe('a row whose port cannot be told', () => {
  const broken = csv(',').replace('shop,10.1.10.50,443,,10.0.0.2', 'shop,10.1.10.50,x,,10.0.0.2');

  it('may be of any service of its name: none of them is changed or gone', async () => {
    const { source, write } = await bed(['vips.csv']);
    await write('vips.csv', csv(','));
    await source.read({ signal });
    await write('vips.csv', broken);
    const { complete, contributions } = await source.read({ signal });
    expect(complete).toBe(false);
    expect(contributions.filter(({ frozen }) => frozen).map(({ cell }) => cell)).toContain(
      'sheet:Service/shop/443#pool',
    );
    expect(contributions.find(({ cell }) => cell === 'sheet:Service/blog/80')?.objects).toHaveLength(2);
  });

  it('is left out if bad rows are', async () => {
    const { complete, contributions } = await read('vips.csv', broken, { badRows: 'skip' });
    expect(complete).toBe(true);
    const pools = contributions.flatMap(({ objects: all }) => all.filter(({ path }) => path === '/k/shop_443'));
    expect(JSON.stringify(pools)).not.toContain('10.0.0.2');
  });
});

describe('the rows of old', () => {
  const rows = 'create,app_owner_pool,"10.0.0.1:80,10.0.0.2:80"\ncreate,old,10.0.0.9:80\nDELETE,old\n';

  it('AC-81 are pools with their members; what a later row deletes is not wanted', async () => {
    const { complete, contributions } = await read('super_pool.csv', rows, { format: 'super-pool', mapping: {} });
    expect(complete).toBe(true);
    expect(contributions.flatMap(({ objects: all }) => all)).toMatchObject([
      { kind: 'pool', path: '/k/app_owner_pool', members: [{ port: 80 }, { address: { ip: '10.0.0.2' } }] },
    ]);
  });

  it.each([
    'create, app_owner_pool, "10.0.0.1:80, 10.0.0.2:80"',
    'CREATE,app_owner_pool,10.0.0.1:80,10.0.0.2:80',
    '\uFEFFcreate;app_owner_pool;10.0.0.1:80,10.0.0.2:80\r\ndelete;other;\r\n',
    'create,/k/app_owner_pool,"10.0.0.1:80 10.0.0.2:80,"',
    'create,app_owner_pool,10.0.0.9:80\ndelete,app_owner_pool,\nupdate,app_owner_pool,"10.0.0.1:80,10.0.0.2:80"',
  ])('AC-81 rows are read as people write them: %j', async (rows) => {
    const { complete, contributions } = await read('a.csv', rows, { format: 'super-pool', mapping: {} });
    expect(complete).toBe(true);
    expect(contributions.flatMap(({ objects: all }) => all)).toMatchObject([
      { path: '/k/app_owner_pool', members: [{ address: { ip: '10.0.0.1' } }, { address: { ip: '10.0.0.2' } }] },
    ]);
  });

  it.each([
    ['drop,a,10.0.0.1:80', 'row 1: begins with "drop", expected create, update or delete'],
    ['create,,10.0.0.1:80', 'row 1: names no pool'],
    [
      'delete,a,10.0.0.1:80',
      'row 1: has something behind the pool, expected nothing: delete takes the pool as a whole',
    ],
    ['create,a,10.0.0.1', 'member 10.0.0.1 has no port'],
  ])('AC-81 %s is told with what was expected', async (row, expected) => {
    const { contributions, diagnostics } = await read('a.csv', `${row}\n`, { format: 'super-pool', mapping: {} });
    const all = [...diagnostics, ...contributions.flatMap((one) => one.diagnostics)];
    expect(all.map(({ summary }) => summary).join('\n')).toContain(expected);
  });
});

describe('following files', () => {
  /** Follows, and gives what was announced. */
  async function following({
    source,
  }: Bed): Promise<{ readonly cells: Set<string>; readonly until: (done: () => boolean) => Promise<void> }> {
    const stop = new AbortController();
    const cells = new Set<string>();
    const ended = source.watch?.({
      signal: stop.signal,
      onChange: (changed) => [...changed].forEach((cell) => cells.add(cell)),
    });
    open.unshift(async () => {
      stop.abort();
      await ended;
    });
    const until = async (done: () => boolean): Promise<void> => {
      for (const end = performance.now() + 10_000; !done();) {
        if (performance.now() > end) throw new Error('waited in vain');
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    return { cells, until };
  }

  it('AC-82 names the cells of changed rows alone, for a file that is replaced and one that is rewritten in place', async () => {
    const made = await bed(['vips.csv']);
    await made.write('vips.csv', csv(','));
    await made.source.read({ signal });
    const { cells, until } = await following(made);
    await made.write('vips.csv', csv(',').replace('10.0.0.3', '10.0.0.33'));
    await until(() => cells.size > 0);
    expect([...cells]).toEqual(['sheet:Service/blog/80#pool']);
    cells.clear();
    await writeFile(join(made.folder, 'vips.csv'), csv(',').replace('10.1.10.51', '10.1.10.99'));
    await until(() => cells.has('sheet:Service/blog/80'));
    expect([...cells].sort()).toEqual(['sheet:Service/blog/80', 'sheet:Service/blog/80#pool']);
  });

  it('AC-82 a file that is emptied, or gone, deletes nothing; when it is back, it counts again', async () => {
    const made = await bed(['vips.csv']);
    await made.write('vips.csv', csv(','));
    const before = await made.source.read({ signal });
    const { until } = await following(made);
    await writeFile(join(made.folder, 'vips.csv'), '');
    await until(() => made.source.complete === false);
    expect((await made.source.read({ signal })).contributions).toEqual(before.contributions);
    await rm(join(made.folder, 'vips.csv'));
    expect(await made.source.read({ signal })).toMatchObject({ complete: false, contributions: before.contributions });
    await made.write('vips.csv', csv(',').split('\n').slice(0, 3).join('\n'));
    await until(() => made.source.complete === true);
    expect((await made.source.read({ signal })).contributions).toHaveLength(2);
  });

  it('a bad file beside good ones keeps what it gave, and the others are followed', async () => {
    const made = await bed(['*.csv']);
    const [head = '', shop = '', , blog = ''] = csv(',').split('\n');
    await made.write('a.csv', `${head}\n${shop}\n`);
    await made.write('b.csv', `${head}\n${blog}\n`);
    await made.source.read({ signal });
    await made.write('a.csv', `${head}\n"${shop}\n`);
    await made.write('b.csv', `${head}\n${blog.replace('8080', '8081')}\n`);
    const { complete, contributions, diagnostics } = await made.source.read({ signal });
    expect([complete, diagnostics.length, contributions.length]).toEqual([false, 1, 4]);
    expect(JSON.stringify(contributions)).toContain('8081');
  });
});
