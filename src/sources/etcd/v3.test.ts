import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { Api } from '../../../test/support/http-api.ts';
import type { EtcdOptions } from './client.ts';
import { EtcdError } from './client.ts';
import { etcdFeed } from './feed.ts';
import { EtcdV3 } from './v3.ts';

const { signal } = new AbortController();
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a call answers: a status and a body as it stands on the wire. */
type Reply = readonly [status: number, body: string];
type Gateway = (asked: Asked, count: number) => Reply | undefined;

/** A gateway of etcd that answers as a real one was recorded (3.4.23), and notes what it was asked. */
async function gateway(answer: Gateway): Promise<{ readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await text(request)) as Asked['body'];
    const question = { path: request.url ?? '', headers: request.headers, body };
    asked.push(question);
    const same = asked.filter(({ path }) => path === question.path).length;
    const [status, said] = answer(question, same) ?? [404, '404 page not found'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(said);
  };
  const api = await Api.start((request, response) => void take(request, response));
  open.push(() => api.close());
  return { url: api.url, asked };
}

function storeOf(url: string, more: Partial<EtcdOptions> = {}): EtcdV3 {
  const store = new EtcdV3({ endpoints: [url], api: 'v3', prefix: '/s', ...more });
  open.push(() => store.close());
  return store;
}

const b64 = (plain: string | Buffer): string => Buffer.from(plain).toString('base64');
const header = (revision: number): object => ({
  cluster_id: '1',
  member_id: '2',
  revision: String(revision),
  raft_term: '2',
});
const kv = (key: string | Buffer, value: string | Buffer): object => ({
  key: b64(key),
  create_revision: '2',
  mod_revision: '2',
  version: '1',
  value: b64(value),
});
const page = (revision: number, kvs: readonly object[], more?: true): Reply => [
  200,
  JSON.stringify({ header: header(revision), kvs, ...(more === undefined ? {} : { more }), count: '3' }),
];
const refusal = (status: number, code: number, words: string): Reply => [
  status,
  JSON.stringify({ error: words, message: words, code }),
];
const COMPACTED = refusal(400, 11, 'etcdserver: mvcc: required revision has been compacted');
const BAD_TOKEN = refusal(401, 16, 'etcdserver: invalid auth token');
const OLD_TOKEN = refusal(400, 3, 'etcdserver: revision of auth store is old');

/** Lets a watch run to its end, and gives why it ended. */
async function endOf(store: EtcdV3): Promise<unknown> {
  try {
    for await (const _ of store.watch('7', { signal, onOpen: () => undefined }));
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a list of keys by v3', () => {
  it('is read in pages, all of the revision of the first one', async () => {
    const { url, asked } = await gateway((_, count) =>
      count === 1 ? page(9, [kv('/s/a', '1'), kv('/s/b', '2')], true) : page(12, [kv('/s/c', '3')]),
    );
    const { items, position } = await storeOf(url).list(signal);
    expect([[...items], position]).toEqual([
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
      '9',
    ]);
    const range = { range_end: b64('/s0'), limit: '500' };
    expect(asked.map(({ body }) => body)).toEqual([
      { key: b64('/s/'), ...range },
      { key: b64('/s/b\0'), revision: '9', ...range },
    ]);
  });

  it('AC-33 begins anew when its revision is compacted between two pages, and mixes nothing', async () => {
    const { url, asked } = await gateway(({ body }, count) => {
      if (count === 1) return page(9, [kv('/s/a', 'old'), kv('/s/gone', 'old')], true);
      if (body['revision'] === '9') return COMPACTED;
      return count === 3 ? page(20, [kv('/s/a', 'new')], true) : page(21, [kv('/s/c', 'new')]);
    });
    const { items, position } = await storeOf(url).list(signal);
    expect([...items]).toEqual([
      ['a', 'new'],
      ['c', 'new'],
    ]);
    expect(position).toBe('20');
    expect(asked.map(({ body }) => body['revision'])).toEqual([undefined, '9', undefined, '20']);
  });

  it('that is compacted away again and again is given up, without an error of anybody', async () => {
    const { url, asked } = await gateway(({ body }) =>
      body['revision'] === undefined ? page(9, [kv('/s/a', '1')], true) : COMPACTED,
    );
    await expect(storeOf(url).list(signal)).rejects.toMatchObject({ gone: true });
    expect(asked).toHaveLength(10);
  });

  it('takes keys that are no UTF-8 apart, and leaves out the key that only marks the prefix', async () => {
    const { url } = await gateway(() =>
      page(9, [kv('/s/', ''), kv(Buffer.from('/s/\xfe', 'latin1'), '1'), kv(Buffer.from('/s/\xff', 'latin1'), '2')]),
    );
    expect([...(await storeOf(url).list(signal)).items.values()]).toEqual(['1', '2']);
  });
});

describe('a login by v3', () => {
  const user = { name: 'fairlead', password: () => Promise.resolve('hunter2') };
  const login = (count: number): Reply => [200, JSON.stringify({ header: header(0), token: `token.${count}` })];

  it.each([
    ['expired', BAD_TOKEN],
    ['is older than the users are', OLD_TOKEN],
  ])('is made anew when its token %s', async (_, stale) => {
    const { url, asked } = await gateway(({ path, headers }, count) => {
      if (path === '/v3/auth/authenticate') return login(count);
      return headers.authorization === 'token.1' && count > 1 ? stale : page(9, [kv('/s/a', '1')]);
    });
    const store = storeOf(url, { user });
    for (let round = 0; round < 3; round += 1) expect([...(await store.list(signal)).items]).toEqual([['a', '1']]);
    expect(asked.map(({ path, headers }) => headers.authorization ?? path)).toEqual([
      '/v3/auth/authenticate',
      'token.1',
      'token.1',
      '/v3/auth/authenticate',
      'token.2',
      'token.2',
    ]);
  });

  it('is made anew by the list after a watch that was canceled for its token', async () => {
    const canceled = 'rpc error: code = Unauthenticated desc = etcdserver: invalid auth token';
    const result = { header: header(9), watch_id: '-1', created: true, canceled: true, cancel_reason: canceled };
    const { url, asked } = await gateway(({ path }, count) => {
      if (path === '/v3/auth/authenticate') return login(count);
      return path === '/v3/watch' ? [200, `${JSON.stringify({ result })}\n`] : page(9, []);
    });
    const store = storeOf(url, { user });
    await store.list(signal);
    expect(await endOf(store)).toMatchObject({ gone: true });
    await store.list(signal);
    expect(asked.at(-1)?.headers.authorization).toBe('token.2');
  });

  it.each([
    [400, 3, 'etcdserver: authentication failed, invalid user ID or password'],
    [400, 3, 'etcdserver: user name is empty'],
    [403, 7, 'etcdserver: permission denied'],
  ])('that is refused is told in the words of etcd, with what to do (%s, %s, %s)', async (status, code, words) => {
    const { url } = await gateway(() => refusal(status, code, words));
    const options: EtcdOptions = { endpoints: [url], api: 'v3', prefix: '/s', user, timing: { readRetries: 0 } };
    const host = { keysChanged: () => undefined, knownKeys: () => [], stateChanged: () => undefined };
    const store = storeOf(url, { user });
    const feed = etcdFeed({
      store,
      host,
      source: 'keys',
      options,
      subject: 'the keys below /s',
      field: 'etcd of source keys',
    });
    await feed.load(signal);
    expect(feed.problems).toMatchObject([
      {
        code: 'etcd-denied',
        summary: `keys: cannot list the keys below /s in etcd (${url}): it answered ${status}: ${words}`,
        detail: 'Check username and password, or the client certificate, of etcd of source keys.',
      },
    ]);
  });
});

it('a server without the gateway is told what it lacks', async () => {
  const { url } = await gateway(() => undefined);
  await expect(storeOf(url).list(signal)).rejects.toThrow(
    /^it answered 404 to \/v3, expected the gateway of etcd 3.4 or later$/,
  );
});

describe('a watch by v3', () => {
  it('asks for a leader, and ends when the member lost its cluster', async () => {
    const error = {
      grpc_code: 14,
      http_code: 503,
      message: 'etcdserver: no leader',
      http_status: 'Service Unavailable',
    };
    const { url, asked } = await gateway(() => [
      200,
      `${JSON.stringify({ result: { header: header(1), created: true } })}\n${JSON.stringify({ error })}\n`,
    ]);
    const end = await endOf(storeOf(url));
    expect(end).toBeInstanceOf(EtcdError);
    expect(end).toMatchObject({ message: 'the watch ended: etcdserver: no leader', gone: false, denied: false });
    expect(asked[0]?.headers['grpc-metadata-hasleader']).toBe('true');
  });
});
