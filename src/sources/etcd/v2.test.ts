import { afterEach, expect, it } from 'vitest';
import { Api } from '../../../test/support/http-api.ts';
import type { Answer } from '../../../test/support/http-api.ts';
import { EtcdV2 } from './v2.ts';

const { signal } = new AbortController();
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function bed(answer: Answer): Promise<{ readonly api: Api; readonly store: EtcdV2 }> {
  const api = await Api.start(answer);
  const user = { name: 'fairlead', password: () => Promise.resolve('hunter2') };
  const timing = { backoffMs: 1, silenceMs: 50 };
  const store = new EtcdV2({ endpoints: [api.url], api: 'v2', prefix: 'my svc/x', user, timing });
  open.push(
    () => api.close(),
    () => store.close(),
  );
  return { api, store };
}

it('lists by consensus, with credentials, below a prefix that needs no slash and takes any character', async () => {
  const { api, store } = await bed((_, response) =>
    response.writeHead(200, { 'x-etcd-index': '7' }).end(
      JSON.stringify({
        action: 'get',
        node: {
          key: '/my svc/x',
          dir: true,
          nodes: [
            { key: '/my svc/x/a', value: '1', modifiedIndex: 5, createdIndex: 5 },
            { key: '/my svc/x/d', dir: true, nodes: [{ key: '/my svc/x/d/b', value: '', modifiedIndex: 6 }] },
            { key: '/my svc/x/empty', dir: true },
          ],
        },
      }),
    ),
  );
  const { items, position } = await store.list(signal);
  expect([[...items], position]).toEqual([
    [
      ['a', '1'],
      ['d/b', ''],
    ],
    '7',
  ]);
  const [{ url, headers } = {}] = api.asked;
  expect(url).toBe('/v2/keys/my%20svc/x?recursive=true&quorum=true');
  expect(headers?.authorization).toBe(`Basic ${Buffer.from('fairlead:hunter2').toString('base64')}`);
});

it('asks on, without a word, when nothing happens for long: an empty answer, or none', async () => {
  const event = { action: 'set', node: { key: '/my svc/x/a', value: '2', modifiedIndex: 9 } };
  const answers: Answer[] = [
    (_, response) => response.writeHead(200).end(),
    (_, response) => response.writeHead(200).flushHeaders(),
    (_, response) => response.writeHead(200).end(JSON.stringify(event)),
    (_, response) => response.writeHead(400).end(JSON.stringify({ errorCode: 401, message: 'cleared' })),
  ];
  const { api, store } = await bed((request, response) => answers.shift()?.(request, response));
  const seen: unknown[] = [];
  const watching = (async () => {
    for await (const changes of store.watch('7', { signal, onOpen: () => undefined })) seen.push(...changes);
  })();
  await expect(watching).rejects.toMatchObject({ gone: true });
  expect(seen).toEqual([['a', '2']]);
  expect(api.asked.map(({ url }) => new URLSearchParams(url?.split('?')[1]).get('waitIndex'))).toEqual([
    '8',
    '8',
    '8',
    '10',
  ]);
});

it('a login that is refused is told as one, whatever answers', async () => {
  const { api, store } = await bed((_, response) =>
    response.writeHead(401).end(JSON.stringify({ message: 'Insufficient credentials' })),
  );
  await expect(store.list(signal)).rejects.toMatchObject({ denied: true, message: 'it answered 401' });
  api.answer = (_, response) => response.writeHead(403).end('<html>');
  await expect(store.list(signal)).rejects.toMatchObject({ denied: true });
});
