import { request } from 'node:http';
import type { Listener } from '../../emulator/dataplane/model.ts';

/** Which backend answered how often. */
export type Answers = ReadonlyMap<string, number>;

/** Sends requests to a virtual server, each on a connection of its own, and counts who answered. */
export async function sendRequests(listener: Listener, count: number): Promise<Answers> {
  const answers = new Map<string, number>();
  for (let number = 0; number < count; number += 1) {
    const who = await sendOne(listener).catch((error: unknown) => `error: ${(error as NodeJS.ErrnoException).code}`);
    answers.set(who, (answers.get(who) ?? 0) + 1);
  }
  return new Map([...answers].sort(([a], [b]) => a.localeCompare(b, 'en')));
}

/** The pod that answered: `default/web on 10.244.1.5:8080`. */
function sendOne({ address, port }: Listener): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: address, port, path: '/hello', agent: false, timeout: 3000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text.replace(/ answers .*\n$/, '')));
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer in 3 s'), { code: 'ETIMEDOUT' })));
    sent.on('error', reject);
    sent.end();
  });
}

/** Waits until a step's condition holds; rejects after the given time. */
export async function until(done: () => boolean | Promise<boolean>, what: string, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what}: waited ${ms / 1000} s in vain`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
