import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SourceHarness } from '../../../test/contract/source.ts';
import { follow, testSource } from '../../../test/contract/source.ts';
import { GOOD_CERTIFICATE, SERVER_KEY, TEST_CA } from '../../../test/support/certificates.ts';
import { Api, json, status } from '../../../test/support/http-api.ts';
import type { Answer } from '../../../test/support/http-api.ts';
import type { Source, SourceResult } from '../source.ts';
import { stockDefaults } from '../values/defaults.ts';
import type { HttpSourceOptions } from './index.ts';
import { createHttpSource } from './index.ts';

const { signal } = new AbortController();
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const start = async (...parts: Parameters<typeof Api.start>): Promise<Api> => {
  const api = await Api.start(...parts);
  open.push(() => api.close());
  return api;
};

function sourceOf(api: Api, more: Partial<HttpSourceOptions> = {}): Source {
  const source = createHttpSource({
    source: 'api',
    partition: 'k',
    defaults: stockDefaults,
    mapping: {},
    badRows: 'freeze',
    allowEmpty: false,
    url: `${api.url}/vips?key=in-the-query`,
    headers: [],
    pollMs: 10,
    timeoutMs: 5000,
    maxBytes: 100_000,
    maxPages: 5,
    ...more,
  });
  open.push(async () => source.close?.());
  return source;
}

const WEB = { service: 'web', member: '10.0.0.1:80' };
const MAIL = { service: 'mail', member: '10.0.0.2:25' };

const cellsOf = ({ contributions }: SourceResult): readonly string[] => contributions.map(({ cell }) => cell).sort();
const toldBy = ({ diagnostics }: SourceResult): string => diagnostics.map(({ summary }) => summary).join('\n');

async function harness(): Promise<SourceHarness> {
  let rows = [WEB, { service: 'web', member: '10.0.0.9:80' }, MAIL];
  const good: Answer = (request, response) => json(rows)(request, response);
  const api = await start(good);
  return {
    source: sourceOf(api),
    shuffled: async () => sourceOf(await start(json(rows.toReversed()))),
    change: () => {
      rows = rows.map((row) => (row.service === 'mail' ? { ...row, member: '10.0.0.7:25' } : row));
      return Promise.resolve('api:Service/mail#pool');
    },
    remove: () => {
      rows = rows.filter(({ service }) => service !== 'mail');
      return Promise.resolve(['api:Service/mail', 'api:Service/mail#pool']);
    },
    fail: () => Promise.resolve(void (api.answer = status(500))),
    heal: () => Promise.resolve(void (api.answer = good)),
    close: () => api.close(),
  };
}

testSource('HTTP', harness);

describe('rows in a JSON document', () => {
  it.each<[string, unknown, Partial<HttpSourceOptions>]>([
    ['a list', [WEB, MAIL], {}],
    ['a list under rows', { rows: [WEB, MAIL] }, {}],
    ['a list somewhere, by an expression', { data: { items: [WEB, MAIL] } }, { rows: 'data.items' }],
    [
      'maps in maps, by their paths',
      [WEB, MAIL].map(({ service, member }) => ({ name: service, spec: { to: { addr: member } }, noise: [{ a: 1 }] })),
      { mapping: { service: { column: 'name' }, member: { column: 'spec.to.addr' } } },
    ],
    [
      'maps that the expression makes',
      { all: [WEB, MAIL, { service: 'old', member: 'x', gone: true }] },
      { rows: 'all[?!gone].{service: service, member: member}' },
    ],
  ])('are read out of %s', async (_, document, more) => {
    const result = await sourceOf(await start(json(document)), more).read({ signal });
    expect(result).toMatchObject({ complete: true, diagnostics: [] });
    expect(cellsOf(result).filter((cell) => cell.endsWith('#pool'))).toEqual([
      'api:Service/mail#pool',
      'api:Service/web#pool',
    ]);
    expect(JSON.stringify(result.contributions)).toContain('10.0.0.1');
  });

  it('are packed and in the charset that the answer names', async () => {
    const text = JSON.stringify([{ ...WEB, description: 'Käse' }]);
    const forms: readonly (readonly [Record<string, string>, Buffer])[] = [
      [{ 'content-encoding': 'gzip' }, gzipSync(text)],
      [{ 'content-type': 'application/json; charset=iso-8859-1' }, Buffer.from(text, 'latin1')],
      [{}, Buffer.from(`\uFEFF${text}`)],
    ];
    for (const [headers, body] of forms) {
      const api = await start((_, response) => response.writeHead(200, headers).end(body));
      const result = await sourceOf(api).read({ signal });
      expect([toldBy(result), JSON.stringify(result.contributions)]).toEqual(['', expect.stringContaining('Käse')]);
    }
  });

  it('come in pages, one leading to the next', async () => {
    const api = await start((request, response) => {
      const second = request.url === '/vips?page=2';
      json(
        [second ? MAIL : WEB],
        second ? {} : { link: '</vips>; rel="first", </vips?page=2>; title="a, b"; rel="next"' },
      )(request, response);
    });
    expect(cellsOf(await sourceOf(api).read({ signal }))).toHaveLength(4);
    api.answer = json([WEB], { link: '</vips?key=in-the-query>; rel=next' });
    expect(toldBy(await sourceOf(api).read({ signal }))).toMatch(/its pages lead round in a circle/);
    let page = 0;
    api.answer = (request, response) =>
      json([WEB], { link: `</vips?page=${(page += 1)}>; rel=next` })(request, response);
    expect(toldBy(await sourceOf(api).read({ signal }))).toMatch(/more than 5 pages/);
    api.answer = json([WEB], { link: '<http://127.9.9.9/>; rel=next' });
    expect(toldBy(await sourceOf(api).read({ signal }))).toMatch(
      /its next page is on another server \(http:\/\/127.9.9.9\), expected it on http:\/\/127.0.0.1:\d+$/,
    );
  });

  it.each<[string, Partial<HttpSourceOptions>, (next: string) => object]>([
    ['next', { rows: 'results' }, (next) => ({ next })],
    ['links.next', { rows: 'results', nextPage: 'links.next' }, (next) => ({ links: { next } })],
    [
      'cursor',
      { rows: 'results', nextPage: "cursor && join('', ['?page=', cursor])" },
      () => ({ cursor: '2', next: 'neither this' }),
    ],
  ])('come in pages that their documents lead to by %s', async (_, options, leading) => {
    let time = 0;
    const api = await start((request, response) => {
      const second = request.url?.endsWith('page=2') === true;
      const more = second ? { next: null, links: null, cursor: '' } : leading(`${api.url}/vips?page=2`);
      json({ time: (time += 1), results: [second ? MAIL : WEB], ...more })(request, response);
    });
    expect(cellsOf(await sourceOf(api, options).read({ signal }))).toHaveLength(4);
  });

  it('lose no row that moves to another page while they are read', async () => {
    const rows = [{ ...WEB, service: 'gone' }, WEB, MAIL];
    let asked = 0;
    const api = await start((request, response) => {
      asked += 1;
      // Page 1 was read: its row goes, and the first one of page 2 takes its place.
      if (asked === 2) rows.shift();
      const second = request.url?.endsWith('page=2') === true;
      const next = second ? null : '/vips?page=2';
      json({ rows: second ? rows.slice(2) : rows.slice(0, 2), next })(request, response);
    });
    const cells = cellsOf(await sourceOf(api, { allowEmpty: true }).read({ signal }));
    expect(cells.filter((cell) => /mail|gone/.test(cell))).toEqual(['api:Service/mail', 'api:Service/mail#pool']);
    let cursor = 0;
    api.answer = (request, response) => {
      const second = request.url?.includes('cursor') === true;
      json({ rows: [second ? MAIL : WEB], next: second ? null : `?cursor=${(cursor += 1)}` })(request, response);
    };
    expect((await sourceOf(api).read({ signal })).complete).toBe(true);
    let version = 0;
    api.answer = (request, response) =>
      json({ rows: [{ ...WEB, weight: (version += 1) }], next: request.url?.includes('page') ? null : '/vips?page=2' })(
        request,
        response,
      );
    expect(toldBy(await sourceOf(api).read({ signal }))).toMatch(
      /its pages change while they are read, 4 times in a row$/,
    );
  });

  it('whose next page is no URL is refused', async () => {
    const api = await start(json({ rows: [WEB], next: 7 }));
    expect((await sourceOf(api).read({ signal })).complete).toBe(true);
    expect(toldBy(await sourceOf(api, { nextPage: 'next' }).read({ signal }))).toMatch(
      /nextPage \(next\) gives a number, expected a URL, or nothing$/,
    );
  });

  it.each<[string, Answer, RegExp]>([
    ['an error', status(503), /it answered 503$/],
    ['no right', status(401), /it answered 401; check the credentials of the source/],
    [
      'HTML',
      status(200, { 'content-type': 'text/html; charset=utf-8' }, '<!doctype html>'),
      /it answered text\/html and not JSON; is that a page to log in\?/,
    ],
    ['half a document', status(200, {}, '[{"service":'), /its answer of 12 characters is no JSON/],
    [
      'no list',
      json({ items: [], other: 1 }),
      /its answer gives a map, expected a list of maps; there are lists under items/,
    ],
    ['no rows', json([]), /has no rows, expected at least one \(or allowEmpty\)/],
    ['too much', json(['x'.repeat(200_000)]), /longer than 100000 bytes/],
    [
      'too much, packed',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(200_000))),
      /longer than 100000 bytes/,
    ],
    [
      'an unknown packing',
      status(200, { 'content-encoding': 'zip' }, 'x'),
      /packed as zip, expected gzip, deflate, br/,
    ],
    [
      'a charset that it is not in',
      status(200, { 'content-type': 'x; charset=nonsense' }, '[]'),
      /not in the charset that it names \(nonsense\)/,
    ],
    ['nothing to a question about no version', status(304), /answered 304 to a question that named no version/],
    ['a connection that is cut', (_, response) => response.destroy(), /it cannot be reached: other side closed/],
  ])('%s freezes what there is, says why, and repeats no query', async (_, answer, words) => {
    const api = await start(json([WEB, MAIL]));
    const source = sourceOf(api);
    const good = await source.read({ signal });
    api.answer = answer;
    const bad = await source.read({ signal });
    expect(bad).toMatchObject({ complete: false, contributions: good.contributions });
    expect(toldBy(bad)).toMatch(words);
    expect(toldBy(bad)).toContain(`api: ${api.url}/vips`);
    expect(JSON.stringify(bad)).not.toContain('in-the-query');
  });

  it('a bad row freezes its service alone, by its number', async () => {
    const { contributions, complete } = await sourceOf(await start(json([WEB, { ...MAIL, member: 'nowhere' }]))).read({
      signal,
    });
    const told = contributions.flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary)).join();
    expect(told).toMatch(/\/vips, row 2, column member: member is "nowhere", expected an IP address/);
    expect([complete, contributions.filter(({ frozen }) => frozen === true)]).toMatchObject([true, [{}, {}]]);
  });

  it('an expression that fails on the document is told', async () => {
    const api = await start(json({ items: 7 }));
    expect(toldBy(await sourceOf(api, { rows: 'items' }).read({ signal }))).toMatch(/rows \(items\) gives a number/);
    expect(toldBy(await sourceOf(api, { rows: 'keys(items)' }).read({ signal }))).toMatch(
      /rows \(keys\(items\)\) cannot be evaluated/,
    );
  });
});

describe('asking again', () => {
  it('sends back what tells the version, and reads nothing again that did not change', async () => {
    let [version, rows] = [1, [WEB]];
    const api = await start((request, response) => {
      const etag = `"v${version}"`;
      if (request.headers['if-none-match'] === etag) status(304)(request, response);
      else json(rows, { etag, 'last-modified': 'Sat, 28 Nov 2026 12:00:00 GMT' })(request, response);
    });
    const source = sourceOf(api);
    await source.read({ signal });
    const { extractions } = source.counters;
    const following = follow(source);
    open.push(following.stop);
    await vi.waitFor(() => expect(api.asked.length).toBeGreaterThan(4));
    expect(api.asked.at(-1)?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Sat, 28 Nov 2026 12:00:00 GMT',
    });
    expect([following.calls.count, source.counters.extractions]).toEqual([0, extractions]);
    [version, rows] = [2, [WEB, MAIL]];
    await vi.waitFor(() => expect([...following.cells].sort()).toEqual(['api:Service/mail', 'api:Service/mail#pool']));
  });

  it('a server that is away is told once, and heard again', async () => {
    const api = await start(json([WEB]));
    const source = sourceOf(api);
    await source.read({ signal });
    const following = follow(source);
    open.push(following.stop);
    const before = api.asked.length;
    api.answer = status(500);
    await vi.waitFor(() => expect(source.complete).toBe(false));
    await vi.waitFor(() => expect(api.asked.length).toBeGreaterThan(before + 5));
    expect(following.problems).toMatchObject([{ code: 'http-failed' }]);
    api.answer = json([WEB]);
    await vi.waitFor(() => expect(source.complete).toBe(true));
  });

  it('keeps to Retry-After', async () => {
    const api = await start(status(429, { 'retry-after': '1000' }));
    const source = sourceOf(api);
    for (let count = 0; count < 3; count += 1) {
      expect(toldBy(await source.read({ signal }))).toMatch(/it answered 429, and to come back in 1000 s/);
    }
    expect(api.asked).toHaveLength(1);
  });
});

describe('credentials', () => {
  const secret = { name: 'Authorization', value: () => Promise.resolve('Bearer hunter2') };

  it('go to their server, also where it leads on to itself, and to no other', async () => {
    const api = await start((request, response) =>
      request.url === '/there'
        ? json([WEB])(request, response)
        : status(302, { location: '/there' })(request, response),
    );
    expect((await sourceOf(api, { headers: [secret] }).read({ signal })).complete).toBe(true);
    expect(api.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer hunter2', 'Bearer hunter2']);
    const other = await start(json([WEB]));
    api.answer = status(307, { location: `${other.url}/x?token=1` });
    const refused = await sourceOf(api, { headers: [secret] }).read({ signal });
    expect(toldBy(refused)).toContain(`it leads on to ${other.url}/x, another server, and credentials do not go there`);
    expect([other.asked.length, JSON.stringify(refused)]).toEqual([0, expect.not.stringContaining('hunter2')]);
    expect((await sourceOf(api).read({ signal })).complete).toBe(true);
    api.answer = status(302, { location: '/round' });
    expect(toldBy(await sourceOf(api).read({ signal }))).toMatch(/it leads on more than 5 times/);
  });

  it('that cannot be read are told by where they are kept', async () => {
    const api = await start(json([WEB]));
    const value = (): Promise<string> => Promise.reject(new Error('environment variable TOKEN is not set'));
    const result = await sourceOf(api, { headers: [{ name: 'X-Api-Key', value }] }).read({ signal });
    expect(toldBy(result)).toMatch(/the header X-Api-Key has no value \(environment variable TOKEN is not set\)$/);
  });

  it('the certificate of the server is verified', async () => {
    const api = await start(json([WEB]), { key: SERVER_KEY, cert: GOOD_CERTIFICATE });
    expect((await sourceOf(api, { tls: () => Promise.resolve({ ca: TEST_CA }) }).read({ signal })).complete).toBe(true);
    expect(toldBy(await sourceOf(api).read({ signal }))).toMatch(/it cannot be reached: .*certificate/);
  });

  it('files of TLS are read when it connects: one that is missing is told, and one that comes is seen', async () => {
    const api = await start(json([WEB]), { key: SERVER_KEY, cert: GOOD_CERTIFICATE });
    let ca: string | undefined;
    const tls = (): Promise<{ readonly ca: string }> =>
      ca === undefined ? Promise.reject(new Error('http.caFile /none.pem cannot be read')) : Promise.resolve({ ca });
    const source = sourceOf(api, { tls });
    expect(toldBy(await source.read({ signal }))).toMatch(
      /it cannot be reached: http.caFile \/none.pem cannot be read$/,
    );
    ca = TEST_CA;
    expect((await source.read({ signal })).complete).toBe(true);
  });
});
