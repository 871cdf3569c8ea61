import { afterEach, expect, it, vi } from 'vitest';
import type { KeyList, KeyStore } from './key-feed.ts';
import { KeyFeed } from './key-feed.ts';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A store whose answers the test gives, one by one. */
class Store implements KeyStore<string> {
  readonly lists: PromiseWithResolvers<KeyList<string>>[] = [];
  readonly watched: string[] = [];

  list(): Promise<KeyList<string>> {
    const answer = Promise.withResolvers<KeyList<string>>();
    this.lists.push(answer);
    return answer.promise;
  }

  async *watch(
    position: string,
    { signal, onOpen }: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<ReadonlyMap<string, string | undefined>> {
    this.watched.push(position);
    onOpen();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    yield new Map();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function bed() {
  const [store, known] = [new Store(), new Map<string, string>()];
  const feed = new KeyFeed<string>({
    store,
    timing: { backoffMs: 1, backoffCapMs: 2, readRetries: 0 },
    explain: (verb, error) => ({ code: `${verb}-failed`, severity: 'error', origin: 'x', summary: String(error) }),
    host: {
      keysChanged: (changes) => {
        for (const [key, value] of changes) {
          if (value === undefined) known.delete(key);
          else known.set(key, value);
        }
      },
      knownKeys: () => known.keys(),
      stateChanged: () => undefined,
    },
  });
  const { signal } = new AbortController();
  const follow = (): void => {
    const stop = new AbortController();
    const following = feed.follow(stop.signal);
    stops.push(async () => {
      stop.abort();
      await following;
    });
  };
  const answer = (index: number, position: string, items: Readonly<Record<string, string>>): void =>
    store.lists[index]?.resolve({ items: new Map(Object.entries(items)), position });
  return { store, feed, known, signal, follow, answer };
}

it('a read that fails after a good one is made up for by a list, whoever follows', async () => {
  const { store, feed, known, signal, follow, answer } = bed();
  const first = feed.load(signal);
  answer(0, '1', { a: '1' });
  await first;
  const second = feed.load(signal);
  store.lists[1]?.reject(new Error('away'));
  await second;
  expect([feed.complete, [...known], feed.problems.map(({ code }) => code)]).toEqual([
    false,
    [['a', '1']],
    ['list-failed'],
  ]);
  follow();
  await vi.waitFor(() => expect(store.lists).toHaveLength(3));
  answer(2, '3', { b: '1' });
  await vi.waitFor(() => expect(store.watched).toEqual(['3']));
  expect([feed.complete, [...known], feed.problems]).toEqual([true, [['b', '1']], []]);
});

it('a read while a list is on its way takes that one, so that an older list is never the last', async () => {
  const { store, feed, signal, follow, answer } = bed();
  follow();
  const read = feed.load(signal);
  await vi.waitFor(() => expect(store.lists).toHaveLength(1));
  answer(0, '1', { a: '1' });
  await read;
  expect([feed.complete, store.lists.length]).toEqual([true, 1]);
  // While a watch stands, what is held is as new as a list.
  await vi.waitFor(() => expect(store.watched).toEqual(['1']));
  await feed.load(signal);
  expect(store.lists).toHaveLength(1);
});
