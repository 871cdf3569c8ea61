import { expect, it, vi } from 'vitest';
import type { PolicyRule } from '../../src/ir/policy-rule.ts';
import { TargetUnavailable } from '../../src/targets/target.ts';
import { PASSWORD, later } from '../support/e2e.ts';
import { Gate } from '../support/e2e-gate.ts';
import {
  type L7Bed,
  BACKENDS,
  applyAll,
  ask,
  create,
  makeL7Bed,
  pathOf,
  policyOf,
  readBack,
  update,
  virtualOf,
} from '../support/l7.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 240_000 });

const HOSTS = ['one.example.com', 'two.example.com', 'three.example.com'] as const;
const PATHS = ['/', '/x/1', '/x/2', '/y/1', '/z'] as const;

/** Numbers in [0, n), the same in each run. */
function makeDice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function pick<T>(dice: (n: number) => number, items: readonly [T, ...T[]]): T {
  return items[dice(items.length)] ?? items[0];
}

let count = 0;

function randomRule(dice: (n: number) => number, name = `rule${(count += 1)}`): PolicyRule {
  const path = pick(dice, ['/x', '/y', '/x/1', '/z']);
  const host = pick(dice, [...HOSTS]);
  return {
    name,
    origin: `east:Ingress/shop/${name}`,
    conditions: [
      ...(dice(3) === 0
        ? []
        : [{ operand: 'http-host', host: true, match: 'equals', values: [host], caseInsensitive: true } as const]),
      { operand: 'http-uri', path: true, match: dice(2) === 0 ? 'equals' : 'starts-with', values: [path] },
    ],
    actions: [{ type: 'forward', pool: pathOf(pick(dice, [...BACKENDS])) }],
  };
}

/** Adds, removes, changes or moves one to three rules. */
function edited(rules: readonly PolicyRule[], dice: (n: number) => number): readonly PolicyRule[] {
  let result = [...rules];
  for (let times = 1 + dice(3); times > 0; times -= 1) {
    const at = dice(result.length + 1);
    const rule = result[at];
    if (rule === undefined || (dice(4) === 0 && result.length < 12)) result.splice(at, 0, randomRule(dice));
    else if (dice(3) === 0) result.splice(at, 1);
    else if (dice(2) === 0) result[at] = randomRule(dice, rule.name);
    else result = [...result.slice(0, at), ...result.slice(at + 1), rule];
  }
  return result;
}

/** Who must answer, by the rules alone: the first that matches, else the virtual server's own pool. */
function answerOf(rules: readonly PolicyRule[], host: string, path: string): string {
  const found = rules.find(({ conditions }) =>
    conditions.every((condition) => {
      if (!('match' in condition)) return false;
      const text = condition.operand === 'http-host' ? host : path;
      const [value = ''] = condition.values ?? [];
      return condition.match === 'equals' ? text === value : text.startsWith(value);
    }),
  );
  const action = found?.actions[0];
  return action?.type === 'forward' ? action.pool.replace('/k/', '') : 'default';
}

/** Clients that ask without end. What was in force at any time while a request was on its way may have answered it. */
class Clients {
  readonly wrong: string[] = [];
  asked = 0;
  /** Every state of the rules, and the last that is known to be in force. */
  readonly #states: (readonly PolicyRule[])[];
  #settled = 0;
  readonly #over = new AbortController();
  readonly #loops: readonly Promise<void>[];

  constructor(port: number, rules: readonly PolicyRule[]) {
    this.#states = [rules];
    this.#loops = HOSTS.map((host) => this.#loop(port, host));
  }

  /** From now on these may be in force. */
  begin(rules: readonly PolicyRule[]): void {
    this.#states.push(rules);
  }

  /** From now on nothing but the last is. */
  settle(): void {
    this.#settled = this.#states.length - 1;
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#loops);
  }

  async #loop(port: number, host: string): Promise<void> {
    while (!this.#over.signal.aborted) {
      for (const path of PATHS) {
        const first = this.#settled;
        const answer = await ask(port, host, path);
        const right = this.#states.slice(first).map((rules) => answerOf(rules, host, path));
        this.asked += 1;
        if (!right.includes(answer)) this.wrong.push(`${host}${path}: ${answer}, expected ${right.join(' or ')}`);
      }
    }
  }
}

async function withPolicy(bed: L7Bed, rules: readonly PolicyRule[]): Promise<void> {
  await applyAll(bed.target(), create(policyOf(rules)), create(virtualOf({ policies: [pathOf('l7')] })));
  await bed.emulator.dataPlane?.settled();
}

it.each(['12.1', '17.1'])(
  'AC-12 200 random edits of a policy (%s): no request gets a wrong answer or none',
  async (tmos) => {
    const dice = makeDice(20_261_128);
    const bed = await makeL7Bed(tmos);
    let rules: readonly PolicyRule[] = Array.from({ length: 5 }, () => randomRule(dice));
    await withPolicy(bed, rules);
    const clients = new Clients(bed.port('web'), rules);
    const target = bed.target();
    for (let edit = 0; edit < 200; edit += 1) {
      const next = edited(rules, dice);
      const changes = update(policyOf(rules), policyOf(next));
      clients.begin(next);
      if (changes.length > 0) await applyAll(target, ...changes);
      clients.settle();
      rules = next;
    }
    await clients.stop();
    expect(clients.wrong).toEqual([]);
    expect(clients.asked).toBeGreaterThan(200);
    expect(await readBack(target, policyOf(rules))).toEqual(policyOf(rules));
    expect(draftsOf(bed)).toEqual([]);
  },
);

function draftsOf(bed: L7Bed): readonly string[] {
  const policies = bed.emulator.dump()['ltm/policy'] ?? [];
  return policies.map(({ fullPath }) => fullPath).filter((path) => path.includes('Drafts'));
}

it('AC-12 a policy is the old or the new one, whole, and no draft stays, wherever Fairlead is killed', async () => {
  const dice = makeDice(7);
  const bed = await makeL7Bed();
  const gate = await new Gate(bed.emulator.url).start();
  later(() => gate.close());
  const [one, two] = [
    Array.from({ length: 5 }, () => randomRule(dice)),
    Array.from({ length: 4 }, () => randomRule(dice)),
  ];
  const [shared] = one;
  const after = shared === undefined ? two : [...two, shared];
  await withPolicy(bed, one);
  const clients = new Clients(bed.port('web'), one);
  let [from, to]: readonly (readonly PolicyRule[])[] = [one, after];
  let writes = 0;
  for (let write = 1; from !== undefined && to !== undefined; write += 1) {
    clients.begin(to);
    const came = await killedAt(bed, gate, { write, from, to });
    const survivor = bed.target();
    const there = await readBack(survivor, policyOf(from));
    expect([policyOf(from), policyOf(to)]).toContainEqual(there);
    expect(draftsOf(bed)).toEqual([]);
    const left = there === undefined ? [] : update(there, policyOf(to));
    if (left.length > 0) await applyAll(survivor, ...left);
    expect(await readBack(survivor, policyOf(to))).toEqual(policyOf(to));
    clients.settle();
    if (!came) break;
    writes = write;
    [from, to] = [to, from];
  }
  await clients.stop();
  expect(clients.wrong).toEqual([]);
  // The transaction, the draft, at least one rule, the publishing, the commit.
  expect(writes).toBeGreaterThan(5);
});

interface Death {
  /** The write after which the device hears nothing more. */
  readonly write: number;
  readonly from: readonly PolicyRule[];
  readonly to: readonly PolicyRule[];
}

/** Applies a change, and dies at a write; gives whether it came so far. */
async function killedAt(bed: L7Bed, gate: Gate, { write, from, to }: Death): Promise<boolean> {
  const target = bed.target(gate.url, { timeouts: { deadlineMs: 0, backoffMs: 1 } });
  await target.read({ signal: new AbortController().signal });
  let dead = false;
  gate.reset();
  gate.rule = (request) => {
    if (dead || request.write < write) return dead ? 'away' : 'pass';
    dead = true;
    return 'cut-after';
  };
  try {
    await applyAll(target, ...update(policyOf(from), policyOf(to)));
  } catch (error) {
    if (!(error instanceof TargetUnavailable)) throw error;
  }
  gate.reset();
  return dead;
}

it('a draft of the policy that somebody began and left is replaced, one of a policy that is not ours is told', async () => {
  const bed = await makeL7Bed();
  const dice = makeDice(3);
  const [one, two] = [[randomRule(dice)], [randomRule(dice), randomRule(dice)]];
  await withPolicy(bed, one);
  const target = bed.target();
  await rest(bed, { method: 'PATCH', path: '/mgmt/tm/ltm/policy/~k~l7', body: { createDraft: true } });
  expect(draftsOf(bed)).toEqual(['/k/Drafts/l7']);
  await applyAll(target, ...update(policyOf(one), policyOf(two)));
  expect(draftsOf(bed)).toEqual([]);
  await rest(bed, {
    method: 'POST',
    path: '/mgmt/tm/ltm/policy',
    body: { name: 'other', partition: 'k', subPath: 'Drafts' },
  });
  const other = { ...policyOf(one), path: pathOf('other') };
  await expect(applyAll(target, create(other))).rejects.toThrow('draft /k/Drafts/other is not ours');
});

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: object;
}

/** What a person with another tool does. */
async function rest(bed: L7Bed, { method, path, body }: Call): Promise<void> {
  const response = await fetch(bed.emulator.url + path, {
    method,
    headers: { Authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}
