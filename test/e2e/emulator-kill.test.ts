import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/index.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const PASSWORD = 'killed-now-and-then';
/** Times that the emulator is killed. */
const ROUNDS = 4;
/** Clients that write at the same time. */
const WRITERS = 4;

/** A process of `fairlead emulator` that keeps its state. */
interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

/** The descriptions that a pool may have; `undefined`: it may be gone. One when the last write was answered. */
type Allowed = Map<string, readonly (string | undefined)[]>;

let folder: string;
const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-kill-'));
  await writeFile(join(folder, 'password'), PASSWORD);
});

afterAll(async () => {
  await dispatcher.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<Running> {
  const flags = ['--listen', '127.0.0.1:0', '--no-dataplane', '--output', 'json', '--state', join(folder, 'state')];
  const args = [MAIN, 'emulator', '--password-file', join(folder, 'password'), ...flags];
  const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: process_.stdout })) {
    return { process: process_, url: (JSON.parse(line) as { url: string }).url };
  }
  throw new Error('the emulator ended before it listened');
}

/** Sends a request; gives its body. Rejects on anything but 200, also when the emulator is killed meanwhile. */
async function send(
  url: string,
  [method, path, body, transaction]: readonly [string, string, (object | undefined)?, number?],
): Promise<unknown> {
  const headers = {
    authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
    'content-type': 'application/json',
    ...(transaction === undefined ? {} : { 'x-f5-rest-coordination-id': String(transaction) }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await request(`${url}/mgmt/tm/${path}`, { method: method as 'GET', dispatcher, headers, ...sent });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** One writer: makes, changes and deletes pools of its own, also several in one transaction, until it is refused. */
class Writer {
  readonly #url: string;
  readonly #prefix: string;
  readonly #allowed: Allowed;
  readonly #answered: () => void;

  constructor(url: string, prefix: string, { allowed, answered }: { allowed: Allowed; answered: () => void }) {
    this.#url = url;
    this.#prefix = prefix;
    this.#allowed = allowed;
    this.#answered = answered;
  }

  async run(): Promise<void> {
    for (let number = 0; ; number += 1) {
      const [one, two] = [`${this.#prefix}-${number}-a`, `${this.#prefix}-${number}-b`];
      await this.#write([one, 'made'], ['POST', 'ltm/pool', { name: one, description: 'made' }]);
      await this.#write([one, 'changed'], ['PATCH', `ltm/pool/${one}`, { description: 'changed' }]);
      await this.#transact(one, two);
      await this.#write([two, undefined], ['DELETE', `ltm/pool/${two}`]);
    }
  }

  /** Both or neither: deletes the one, makes the other. */
  async #transact(one: string, two: string): Promise<void> {
    const { transId } = (await send(this.#url, ['POST', 'transaction', {}])) as { transId: number };
    await send(this.#url, ['DELETE', `ltm/pool/${one}`, undefined, transId]);
    await send(this.#url, ['POST', 'ltm/pool', { name: two, description: 'made' }, transId]);
    this.#allowed.set(one, ['changed', undefined]);
    this.#allowed.set(two, [undefined, 'made']);
    await send(this.#url, ['PATCH', `transaction/${transId}`, { state: 'VALIDATING' }]);
    this.#allowed.set(one, [undefined]);
    this.#allowed.set(two, ['made']);
    this.#answered();
  }

  async #write(
    [name, after]: readonly [string, string | undefined],
    call: readonly [string, string, object?],
  ): Promise<void> {
    const before = this.#allowed.get(name) ?? [undefined];
    this.#allowed.set(name, [...before, after]);
    await send(this.#url, call);
    this.#allowed.set(name, [after]);
    this.#answered();
  }
}

/** Writes until so many writes were answered, then kills the emulator in the middle of others. */
async function writeAndKill(round: number, allowed: Allowed): Promise<number> {
  const { process: emulator, url } = await start();
  const after = randomInt(3, 120);
  let answers = 0;
  const answered = (): void => {
    answers += 1;
    if (answers === after) emulator.kill('SIGKILL');
  };
  const ended = once(emulator, 'exit');
  const writers = Array.from(
    { length: WRITERS },
    (_, at) => new Writer(url, `r${round}-w${at}`, { allowed, answered }),
  );
  const outcomes = await Promise.allSettled(writers.map(async (writer) => await writer.run()));
  // For writers that ended because of an answer.
  emulator.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'went on'));
  // A writer ends because the emulator was gone, never because of an answer.
  expect([signal, reasons.filter((reason) => /: \d{3} /.test(reason))]).toEqual(['SIGKILL', []]);
  return answers;
}

/** What a restart finds, by the names of the pools. */
async function pools(): Promise<ReadonlyMap<string, unknown>> {
  const emulator = await startEmulator({ state: join(folder, 'state') });
  const dumped = emulator.dump()['ltm/pool'] ?? [];
  await emulator.close();
  return new Map(dumped.map(({ fullPath, values }) => [fullPath.replace('/Common/', ''), values['description']]));
}

describe('an emulator that is killed while clients write', () => {
  it('has every write that it answered, and no half of a transaction', { timeout: 300_000 }, async () => {
    const allowed: Allowed = new Map();
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await writeAndKill(round, allowed);
      const found = await pools();
      const about = `round ${round}, killed after ${answers} answers`;
      const wrong = [...allowed].filter(([name, values]) => !values.includes(found.get(name) as string | undefined));
      expect([about, wrong.map(([name, values]) => ({ name, values, found: found.get(name) }))]).toEqual([about, []]);
      const halves = [...allowed.keys()].filter((name) => name.endsWith('-a') && isHalf(name, allowed, found));
      expect([about, halves]).toEqual([about, []]);
      expect([...found.keys()].filter((name) => !allowed.has(name))).toEqual([]);
      // What was under way is settled now, one way or the other.
      for (const name of allowed.keys()) allowed.set(name, [found.get(name) as string | undefined]);
    }
    expect(allowed.size).toBeGreaterThan(ROUNDS);
  });
});

/** A transaction that was under way when the emulator was killed: the one is gone and the other not there, or the reverse. */
function isHalf(one: string, allowed: Allowed, found: ReadonlyMap<string, unknown>): boolean {
  const two = one.replace(/-a$/, '-b');
  const underWay =
    allowed.get(one)?.length === 2 && allowed.get(two)?.length === 2 && allowed.get(two)?.[0] === undefined;
  return underWay && found.has(one) === found.has(two);
}
