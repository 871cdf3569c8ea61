import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTest, type Client } from '../../test-kit.ts';
import { createDataPlane } from '../index.ts';
import { ask, cleanUp, httpBackend, later, tcpBackend, until } from '../test-kit.ts';

afterEach(cleanUp);

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A box with pools that answer with their own names and `default` behind the virtual server. */
async function box(names: readonly string[]): Promise<Client & { readonly port: () => number }> {
  const client = await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
  for (const name of [...names, 'default']) {
    const backend = await httpBackend(name, (incoming, response) => {
      const seen = JSON.stringify({ url: incoming.url, headers: incoming.headers });
      response.setHeader('X-Backend', name);
      response.end(incoming.headers['x-echo'] === undefined ? name : seen);
    });
    await client.post('ltm/pool', { name, members: [{ name: `127.0.0.1:${backend.port}` }] });
  }
  const body = {
    name: 'vs',
    destination: '10.1.10.50:80',
    ipProtocol: 'tcp',
    pool: 'default',
    profiles: ['tcp', 'http'],
  };
  expect((await client.post('ltm/virtual', body)).status).toBe(200);
  await client.emulator.dataPlane?.settled();
  const port = (): number => client.emulator.listeners().find(({ virtual }) => virtual === '/Common/vs')?.port ?? 0;
  return { ...client, port };
}

type Rule = Readonly<Record<string, unknown>>;

/** Makes or replaces the policy `p` as draft and publish, and attaches it. */
async function policy(client: Client, rules: readonly Rule[], strategy = 'first-match'): Promise<void> {
  const isNew = (await client.get('ltm/policy/~Common~p')).status === 404;
  const numbered = rules.map((rule, ordinal) => ({ ordinal, ...rule }));
  const body = { name: 'p', subPath: 'Drafts', strategy, rules: numbered };
  const replies = isNew
    ? [await client.post('ltm/policy', body)]
    : [
        await client.patch('ltm/policy/~Common~p', { createDraft: true }),
        await client.patch('ltm/policy/~Common~Drafts~p', { rules: numbered }),
      ];
  replies.push(await client.post('ltm/policy', { command: 'publish', name: '/Common/Drafts/p' }));
  expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  if (isNew) await client.post('ltm/virtual/~Common~vs/policies', { name: 'p' });
}

/** One request on a connection of its own. */
function get(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, host: '127.0.0.1', agent: false, path, headers: { Host: 'foo.bar.com', ...headers } },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
      },
    );
    outgoing.on('error', reject).end();
  });
}

const host = (...values: string[]): Rule => ({
  name: '0',
  httpHost: true,
  host: true,
  request: true,
  equals: true,
  values,
});
const path = (operator: string, ...values: string[]): Rule => ({
  name: '1',
  httpUri: true,
  path: true,
  request: true,
  [operator]: true,
  values,
});
const to = (pool: string): Rule => ({ name: '0', forward: true, select: true, request: true, pool: `/Common/${pool}` });

describe('LTM policies on traffic', () => {
  it('AC-11 forwards by host and path, and leaves the rest to the pool of the virtual server', async () => {
    const client = await box(['x', 'y']);
    await policy(client, [
      { name: 'r1', conditions: [host('foo.bar.com'), path('startsWith', '/foo')], actions: [to('x')] },
      { name: 'r2', conditions: [host('bar.baz.com'), path('startsWith', '/bar')], actions: [to('y')] },
    ]);
    const port = client.port();
    expect((await get(port, '/foo')).body).toBe('x');
    expect((await get(port, '/FOO/1', { Host: 'FOO.bar.com:8080' })).body).toBe('x');
    expect((await get(port, '/bar', { Host: 'bar.baz.com' })).body).toBe('y');
    expect((await get(port, '/bar')).body).toBe('default');
    expect((await get(port, '/foo', { Host: 'other' })).body).toBe('default');
    const stats = (await client.get('ltm/policy/~Common~p/stats')).text;
    expect(stats).toContain('"invoked":{"value":5},"policyName":{"description":"/Common/p"},"succeeded":{"value":3}');
    expect(stats).toMatch(/"invoked":\{"value":2\},"ruleName":\{"description":"r1"\}/);
  });

  it('judges each request of a connection, moves it to another pool, and leaves it there while no rule matches', async () => {
    const client = await box(['x', 'y']);
    await policy(client, [
      { name: 'r1', conditions: [path('startsWith', '/x')], actions: [to('x')] },
      { name: 'r2', conditions: [path('startsWith', '/y')], actions: [to('y')] },
    ]);
    const one = (at: string, more = ''): string => `GET ${at} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    const text = await ask(client.port(), one('/x') + one('/y') + one('/z') + one('/x', 'Connection: close\r\n'));
    expect([...text.matchAll(/X-Backend: (\w+)/g)].map((match) => match[1])).toEqual(['x', 'y', 'y', 'x']);
  });

  it('judges the first request of a connection by what this began with, and later ones by what is published then', async () => {
    const client = await box(['x', 'y']);
    const all = (pool: string): readonly Rule[] => [
      { name: 'r1', conditions: [path('startsWith', '/')], actions: [to(pool)] },
    ];
    await policy(client, all('x'));
    const stats = async (): Promise<string> => (await client.get('ltm/virtual/~Common~vs/stats')).text;
    const socket = connect(client.port(), '127.0.0.1').setEncoding('utf8');
    later(() => void socket.destroy());
    let answers = '';
    socket.on('data', (text: string) => (answers += text));
    const served = (): readonly string[] => [...answers.matchAll(/X-Backend: (\w+)/g)].map((match) => match[1] ?? '');
    await until('the connection is there', async () => (await stats()).includes('"clientside.curConns":{"value":1}'));
    await policy(client, all('y'));
    await client.emulator.dataPlane?.settled();
    for (const expected of [['x'], ['x', 'y']]) {
      socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await until('it is answered', () => served().length === expected.length);
      expect(served()).toEqual(expected);
    }
  });

  it('AC-12 answers every request right while the policy changes 200 times', async () => {
    const client = await box(['x', 'y']);
    const fixed = { name: 'stays', conditions: [path('startsWith', '/x')], actions: [to('x')] };
    const other = (index: number): Rule => ({
      name: `r${index}`,
      conditions: [path('startsWith', `/y/${index}`)],
      actions: [to(index % 2 === 0 ? 'x' : 'y')],
    });
    await policy(client, [fixed]);
    const port = client.port();
    const wrong: string[] = [];
    let asked = 0;
    const stop = new AbortController();
    const loop = async (at: string, expected: string): Promise<void> => {
      while (!stop.signal.aborted) {
        const { body, status } = await get(port, at);
        asked += 1;
        if (body !== expected || status !== 200) wrong.push(`${at}: ${status} ${body}`);
      }
    };
    const clients = [loop('/x/1', 'x'), loop('/z', 'default'), loop('/x/2', 'x')];
    for (let change = 0; change < 200; change += 1) {
      const others = [other(change), other(change + 1)];
      await policy(client, change % 3 === 0 ? [...others, fixed] : [fixed, ...others].slice(0, 1 + (change % 3)));
    }
    stop.abort();
    await Promise.all(clients);
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(50);
  }, 120_000);

  it('answers redirects itself, with values of the request', async () => {
    const client = await box([]);
    const location = 'tcl:https://[getfield [HTTP::host] ":" 1][HTTP::uri]';
    await policy(client, [
      {
        name: 'moved',
        conditions: [path('equals', '/old')],
        actions: [{ name: '0', httpReply: true, redirect: true, location: 'https://new/', code: 301 }],
      },
      { name: 'tls', conditions: [], actions: [{ name: '0', httpReply: true, redirect: true, location }] },
    ]);
    const { status, headers } = await get(client.port(), '/a?b=1', { Host: 'foo.bar.com:80' });
    expect([status, headers['location']]).toEqual([302, 'https://foo.bar.com/a?b=1']);
    const moved = await get(client.port(), '/old');
    expect([moved.status, moved.headers['location']]).toEqual([301, 'https://new/']);
  });

  it('rewrites requests and responses', async () => {
    const client = await box(['x']);
    await policy(
      client,
      [
        {
          name: 'all',
          actions: [
            { name: '0', httpUri: true, replace: true, path: '/new' },
            { name: '1', httpHost: true, replace: true, value: 'inner' },
            { name: '2', httpHeader: true, insert: true, tmName: 'X-From', value: 'tcl:[IP::client_addr]' },
            { name: '3', httpHeader: true, remove: true, tmName: 'X-Secret' },
            { name: '4', httpCookie: true, insert: true, tmName: 'c', value: '1' },
            { name: '5', httpHeader: true, response: true, replace: true, tmName: 'X-Backend', value: 'hidden' },
          ],
        },
        {
          name: 'answer',
          conditions: [{ name: '0', httpStatus: true, code: true, response: true, equals: true, values: ['200'] }],
          actions: [{ name: '0', httpHeader: true, response: true, insert: true, tmName: 'X-Ok', value: 'yes' }],
        },
      ],
      '/Common/all-match',
    );
    const { body, headers } = await get(client.port(), '/a?q=1', { 'X-Echo': '1', 'X-Secret': 's', Cookie: 'a=b' });
    const seen = JSON.parse(body) as { url: string; headers: Record<string, string> };
    expect(seen.url).toBe('/new?q=1');
    expect(seen.headers).toMatchObject({ host: 'inner', 'x-from': '127.0.0.1', cookie: 'a=b; c=1' });
    expect(seen.headers).not.toHaveProperty('x-secret');
    expect(headers).toMatchObject({ 'x-backend': 'hidden', 'x-ok': 'yes' });
  });

  it('takes the most specific rule with best-match, and a data-group for values', async () => {
    const client = await box(['x', 'y']);
    const names = [{ name: '/img' }, { name: '/css' }];
    await client.post('ltm/data-group/internal', { name: 'static', type: 'string', records: names });
    const grouped = {
      name: '0',
      httpUri: true,
      path: true,
      request: true,
      startsWith: true,
      datagroup: '/Common/static',
    };
    await policy(
      client,
      [
        { name: 'wide', conditions: [path('startsWith', '/')], actions: [to('x')] },
        { name: 'narrow', conditions: [grouped], actions: [to('y')] },
      ],
      '/Common/best-match',
    );
    expect((await get(client.port(), '/css/a')).body).toBe('y');
    expect((await get(client.port(), '/js/a')).body).toBe('x');
    await client.patch('ltm/data-group/internal/~Common~static', { records: [{ name: '/js' }] });
    expect((await get(client.port(), '/js/a')).body).toBe('y');
    expect((await get(client.port(), '/css/a')).body).toBe('x');
  });

  it('resets what a policy resets, and what is sent to a pool without members', async () => {
    const client = await box([]);
    await client.post('ltm/pool', { name: 'empty' });
    await policy(client, [
      { name: 'no', conditions: [path('equals', '/no')], actions: [{ name: '0', forward: true, reset: true }] },
      { name: 'empty', conditions: [path('equals', '/empty')], actions: [to('empty')] },
    ]);
    await expect(get(client.port(), '/no')).rejects.toThrow(/hang up|ECONNRESET/);
    await expect(get(client.port(), '/empty')).rejects.toThrow(/hang up|ECONNRESET/);
    expect((await get(client.port(), '/yes')).body).toBe('default');
  });

  it('chooses the pool of a connection by its client at layer 4', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
    for (const name of ['a', 'b']) {
      const backend = await tcpBackend((socket) => socket.end(name));
      await client.post('ltm/pool', { name, members: [{ name: `127.0.0.1:${backend.port}` }] });
    }
    const body = { name: 'vs', destination: '10.1.10.50:80', ipProtocol: 'tcp', pool: 'a', profiles: ['tcp'] };
    await client.post('ltm/virtual', body);
    const near = { name: '0', tcp: true, address: true, clientAccepted: true, matches: true, values: ['127.0.0.2/32'] };
    const action = { name: '0', forward: true, select: true, clientAccepted: true, pool: '/Common/b' };
    await policy(client, [{ name: 'near', conditions: [near], actions: [action] }]);
    await client.emulator.dataPlane?.settled();
    const port = client.emulator.listeners()[0]?.port ?? 0;
    expect(await ask(port, '', { localAddress: '127.0.0.2' })).toBe('b');
    expect(await ask(port)).toBe('a');
  });
});

describe('what LTM policies choose', () => {
  const always = (...actions: readonly Rule[]): Rule => ({
    name: 'r',
    actions: actions.map((action, at) => Object.assign({ name: String(at) }, action)),
  });
  const select = (more: Rule): Rule => ({ forward: true, select: true, request: true, ...more });

  it('sends requests to another virtual server, whose own pool answers', async () => {
    const client = await box(['x']);
    const body = { name: 'inner', destination: '10.1.10.51:80', ipProtocol: 'tcp', pool: 'x' };
    await client.post('ltm/virtual', { ...body, profiles: ['tcp', 'http'] });
    await policy(client, [
      {
        name: 'r',
        conditions: [path('startsWith', '/x')],
        actions: [{ name: '0', ...select({ virtual: '/Common/inner' }) }],
      },
    ]);
    expect((await get(client.port(), '/x')).body).toBe('x');
    expect((await get(client.port(), '/y')).body).toBe('default');
    expect((await client.get('ltm/virtual/~Common~inner/stats')).text).toContain('"clientside.totConns":{"value":1}');
  });

  it('persists on a value of the request, and on nothing when it says so', async () => {
    const client = await box([]);
    const members = [];
    for (const name of ['a', 'b']) members.push({ name: `127.0.0.1:${(await httpBackend(name)).port}` });
    await client.patch('ltm/pool/~Common~default', { members });
    const keyed = { persist: true, universal: true, request: true, key: 'tcl:[HTTP::header X-User]', timeout: 60 };
    const off = { name: '0', persist: true, disable: true, request: true };
    await policy(client, [{ name: 'off', conditions: [path('equals', '/off')], actions: [off] }, always(keyed)]);
    await client.patch('ltm/virtual/~Common~vs', { persist: [{ name: 'source_addr' }] });
    const visit = async (user: string, at = '/'): Promise<string> =>
      (await get(client.port(), at, { 'X-User': user })).body;
    const [ann, bob] = [await visit('ann'), await visit('bob')];
    expect([ann, bob].toSorted()).toEqual(['a', 'b']);
    expect([await visit('ann'), await visit('bob'), await visit('bob')]).toEqual([ann, bob, bob]);
    expect(new Set([await visit('', '/off'), await visit('', '/off')]).size).toBe(2);
    expect(client.emulator.dataPlane?.persistenceRecords()).toEqual(
      expect.arrayContaining([expect.objectContaining({ mode: 'universal', value: 'ann' })]),
    );
  });

  it('inserts the cookie that it names', async () => {
    const client = await box([]);
    const cookie = { persist: true, cookieInsert: true, tmName: 'own', expirySecs: 60 };
    await policy(client, [always(cookie)]);
    const { headers } = await get(client.port(), '/');
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^own=\d+\.\d+\.0000; expires=.* GMT; path=\/$/)]);
  });

  it('chooses the source address that members see', async () => {
    const client = await box([]);
    const backend = await httpBackend('who', (request, response) => response.end(request.socket.remoteAddress ?? ''));
    await client.patch('ltm/pool/~Common~default', { members: [{ name: `127.0.0.1:${backend.port}` }] });
    await client.post('ltm/snatpool', { name: 'sp', members: ['127.0.0.91'] });
    await policy(client, [
      {
        name: 'pool',
        conditions: [path('equals', '/pool')],
        actions: [{ name: '0', ...select({ snatpool: '/Common/sp' }) }],
      },
      {
        name: 'one',
        conditions: [path('equals', '/one')],
        actions: [{ name: '0', ...select({ snat: '127.0.0.92' }) }],
      },
      { name: 'auto', conditions: [path('equals', '/auto')], actions: [{ name: '0', ...select({ snat: 'automap' }) }] },
    ]);
    await client.patch('ltm/virtual/~Common~vs', { sourceAddressTranslation: { type: 'none' } });
    const port = client.port();
    expect((await get(port, '/pool')).body).toBe('127.0.0.91');
    expect((await get(port, '/one')).body).toBe('127.0.0.92');
    expect((await get(port, '/auto')).body).toBe('127.0.0.1');
  });

  it('writes to the log, and sets variables for later values and for iRules', async () => {
    const client = await box([]);
    const code = 'when HTTP_REQUEST { HTTP::header insert X-Seen "$who" }';
    await client.post('ltm/rule', { name: 'r', apiAnonymous: code });
    await client.patch('ltm/virtual/~Common~vs', { rules: ['r'] });
    await policy(client, [
      always(
        { tcl: true, setVariable: true, tmName: 'who', expression: 'tcl:[string toupper [HTTP::header X-User]]' },
        { httpHeader: true, insert: true, tmName: 'X-Who', value: 'tcl:<$who>' },
        { log: true, write: true, message: 'tcl:[HTTP::uri] by $who' },
      ),
    ]);
    const seen = JSON.parse((await get(client.port(), '/a', { 'X-Echo': '1', 'X-User': 'ann' })).body);
    expect(seen.headers).toMatchObject({ 'x-who': '<ANN>', 'x-seen': 'ANN' });
    expect(client.emulator.dataPlane?.ruleLog()).toContain('/a by ANN');
    expect((await client.get('ltm/policy/~Common~p/stats')).text).not.toContain('"succeeded":{"value":0}');
  });

  it('ends with ltmPolicy disable, and reaches members in the clear when it switches TLS off', async () => {
    const client = await box(['x']);
    await policy(
      client,
      [
        { name: 'a', actions: [{ name: '0', ltmPolicy: true, disable: true }] },
        {
          name: 'b',
          conditions: [],
          actions: [{ name: '0', httpHeader: true, response: true, insert: true, tmName: 'X-P', value: '1' }],
        },
      ],
      '/Common/all-match',
    );
    expect((await get(client.port(), '/')).headers).not.toHaveProperty('x-p');
    await client.patch('ltm/virtual/~Common~vs', { profiles: ['tcp', 'http', 'serverssl'] });
    await policy(client, [always({ serverSsl: true, disable: true })]);
    expect((await get(client.port(), '/')).body).toBe('default');
  });

  it('judges the handshake of WebSockets, and the load of the machine', async () => {
    const client = await box([]);
    const chat = { name: '0', websocket: true, protocol: true, wsRequest: true, equals: true, values: ['chat'] };
    const busy = { name: '0', cpuUsage: true, last_1min: true, request: true, lessOrEqual: true, values: ['100'] };
    const insert = (name: string, event: string): Rule => ({
      name: '0',
      httpHeader: true,
      insert: true,
      tmName: name,
      value: '1',
      [event]: true,
    });
    await client.patch('ltm/virtual/~Common~vs', { profiles: ['tcp', 'http', 'websocket'] });
    await policy(
      client,
      [
        { name: 'ws', conditions: [chat], actions: [insert('X-Chat', 'request')] },
        { name: 'cpu', conditions: [busy], actions: [insert('X-Load', 'request')] },
      ],
      '/Common/all-match',
    );
    const headers = { 'X-Echo': '1', 'Sec-WebSocket-Protocol': 'chat' };
    const seen = async (more: Record<string, string>): Promise<Record<string, string>> =>
      JSON.parse((await get(client.port(), '/', { ...headers, ...more })).body).headers;
    expect(await seen({ Connection: 'Upgrade', Upgrade: 'websocket' })).toMatchObject({ 'x-chat': '1', 'x-load': '1' });
    expect(await seen({})).not.toHaveProperty('x-chat');
  });

  it('takes the rule that a strategy of its own prefers, and follows its operands', async () => {
    const client = await box(['x', 'y']);
    const operand = (name: string, more: Rule): Rule => ({ name, request: true, ...more });
    const byHost = operand('0', { httpHost: true, host: true, equals: true });
    const byPath = operand('1', { httpUri: true, path: true, startsWith: true });
    const made = await client.post('ltm/policy-strategy', { name: 'own', operands: [byHost, byPath] });
    expect([made.status, made.body.operandsReference]).toMatchObject([200, { isSubcollection: true }]);
    await policy(
      client,
      [
        { name: 'path', conditions: [path('startsWith', '/long/and/exact')], actions: [to('x')] },
        { name: 'host', conditions: [host('foo.bar.com')], actions: [to('y')] },
      ],
      '/Common/own',
    );
    expect((await get(client.port(), '/long/and/exact')).body).toBe('y');
    expect((await get(client.port(), '/long/and/exact', { Host: 'other' })).body).toBe('x');
    const swapped = [
      { ...byPath, name: '0' },
      { ...byHost, name: '1' },
    ];
    expect((await client.patch('ltm/policy-strategy/~Common~own', { operands: swapped })).status).toBe(200);
    expect((await get(client.port(), '/long/and/exact')).body).toBe('x');
    const { body } = await client.get('ltm/policy-strategy/~Common~own/operands/0');
    expect(body).toMatchObject({ httpUri: true, path: true, request: true, startsWith: true });
    expect((await client.post('ltm/policy-strategy/~Common~own/operands', { name: '2' })).body.message).toBe(
      "01071706:3: Policy Strategy '/Common/own', operand '2'; missing operand.",
    );
  });
});
