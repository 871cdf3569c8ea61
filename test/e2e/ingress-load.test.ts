import { expect, it } from 'vitest';
import type { Listener } from '../../src/emulator/dataplane/model.ts';
import type { Emulator } from '../../src/emulator/index.ts';
import { makeBed, until } from '../support/e2e.ts';
import { INGRESS_CLASS, ingress } from '../support/e2e-ingresses.ts';
import { service, slice } from '../support/e2e-manifests.ts';
import { type Answer, askAt, startPods } from '../support/ingress-bed.ts';

const VIRTUAL = '/k/Ingress_10.1.10.50_80';
const SERVICES = ['web', 'api', 'cart', 'blog'] as const;
/** Empty: any. All but the first come and go as a whole, too. */
const HOSTS = ['a.example.com', '*.example.com', '*.b.example.com', ''] as const;
const PATHS = ['/', '/api', '/api/v1', '/cart', 'Exact /cart', '/blog/post'] as const;
/** What is asked for, whatever the rules are. */
const ASKED = ['a.example.com', 'c.example.com', 'c.b.example.com', 'c.d.e.example.com'].flatMap((host) =>
  ['/', '/api/v1/x', '/apix', '/cart', '/cart/1'].map((path) => ({ host, path })),
);

type Rules = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The rules with a host or a path of one added, changed or removed, in another order. `/` of the first host stays: to `web`. */
function edited(rules: Rules, random: () => number): Rules {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const host = pick(HOSTS);
  if (host !== HOSTS[0] && (rules[host] === undefined || random() < 0.3)) {
    const { [host]: was, ...others } = rules;
    return was === undefined ? { ...others, [host]: { '/': pick(SERVICES) } } : others;
  }
  const path = pick(PATHS.slice(1));
  const { [path]: _, ...others } = rules[host] ?? {};
  const paths = random() < 0.3 ? others : { ...others, [path]: pick(SERVICES) };
  const mixed = Object.entries(paths).sort(() => random() - 0.5);
  return { ...rules, [host]: Object.fromEntries(mixed) };
}

/** Who must answer, by the rules of the Ingress API, written down once more: the host, then `*` in place of its first label, then any. */
function expected(rules: Rules, { host, path }: { readonly host: string; readonly path: string }): string {
  const wildcard = `*${host.slice(host.indexOf('.'))}`;
  const found = [host, wildcard, ''].flatMap((name) => backendOf(rules[name] ?? {}, path) ?? []);
  return found[0] ?? '404';
}

/** The longest path, and exact before prefix. */
function backendOf(paths: Readonly<Record<string, string>>, path: string): string | undefined {
  const found = Object.entries(paths)
    .map(([text, service]) => {
      const [type, value] = text.includes(' ') ? (text.split(' ') as [string, string]) : ['Prefix', text];
      const base = value.replace(/\/$/, '');
      const isBelow = path === base || path.startsWith(`${base}/`);
      return {
        service,
        length: value.length,
        isExact: type === 'Exact',
        matches: type === 'Exact' ? path === value : isBelow,
      };
    })
    .filter(({ matches }) => matches)
    .sort((a, b) => b.length - a.length || Number(b.isExact) - Number(a.isExact));
  return found[0]?.service;
}

/** Who answered; of an answer of the device its status. */
function nameOf({ who, status }: Answer): string {
  return who === '' ? String(status) : who;
}

function listenerOf(emulator: Emulator): Listener {
  const found = emulator.listeners().find(({ virtual }) => virtual === VIRTUAL);
  if (found?.port === undefined) throw new Error(`nothing listens for ${VIRTUAL}`);
  return found;
}

it('AC-12 200 random edits of an Ingress under load: no request has a wrong answer', { timeout: 600_000 }, async () => {
  const { emulator, pods } = await startPods();
  const bed = await makeBed({ on: emulator });
  await bed.put('class', INGRESS_CLASS);
  for (const [index, name] of SERVICES.entries()) {
    const ip = `10.0.0.${index + 1}`;
    await pods.start(ip, name);
    const spec = { type: 'ClusterIP', loadBalancerClass: undefined };
    await bed.put(name, service(name, { annotations: { 'fairlead.io/monitor': 'none' }, spec }), slice(name, [ip]));
  }
  const random = numbers(12);
  const put = (rules: Rules): Promise<void> => bed.put('ingress', ingress('shop', { hosts: rules }));
  // Each Service is in use all the time, so that pools stay: it is the policy that is on trial.
  const stay = Object.fromEntries(SERVICES.map((name) => [`/${name}`, name]));
  await bed.put('stay', ingress('stay', { hosts: { 'stay.example.com': stay } }));
  let before: Rules = { [HOSTS[0]]: { '/': 'web' } };
  let after = before;
  await put(after);
  const running = await bed.run().started();
  await emulator.dataPlane?.settled();
  const { address = '', port = 0 } = listenerOf(emulator);
  const wrong: string[] = [];
  const over = new AbortController();
  let asked = 0;
  const client = async (offset: number): Promise<void> => {
    for (let turn = offset; !over.signal.aborted; turn += 1) {
      const question = ASKED[turn % ASKED.length];
      if (question === undefined) continue;
      const allowed = new Set([expected(before, question), expected(after, question)]);
      const who = nameOf(await askAt({ address, port }, { virtual: VIRTUAL, ...question }));
      // An edit may have come while it was under way.
      for (const rules of [before, after]) allowed.add(expected(rules, question));
      if (!allowed.has(who))
        wrong.push(`${question.host}${question.path}: ${who}, expected ${[...allowed].join(' or ')}`);
      asked += 1;
    }
  };
  const clients = [client(0), client(5)];
  for (let edit = 0; edit < 200; edit += 1) {
    while (JSON.stringify(after) === JSON.stringify(before)) after = edited(before, random);
    await put(after);
    // In effect once all answers are those of the new rules; until then either may answer.
    const isInEffect = async (): Promise<boolean> => {
      const answers = await Promise.all(ASKED.map((one) => askAt({ address, port }, { virtual: VIRTUAL, ...one })));
      return answers.every(
        (answer, index) => nameOf(answer) === expected(after, ASKED[index] ?? { host: '', path: '' }),
      );
    };
    await until(`edit ${edit} is in effect`, isInEffect, 60_000);
    before = after;
  }
  over.abort();
  await Promise.all(clients);
  await running.stop();
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(200);
});
