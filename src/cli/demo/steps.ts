import type { Listener } from '../../emulator/dataplane/model.ts';
import type { LogEntry } from '../../emulator/index.ts';
import type { SyncEvent } from '../../sync/options.ts';
import type { Lane } from '../assemble.ts';
import type { Palette } from '../../report/palette.ts';
import type { Stage } from './stage.ts';
import type { Answers } from './traffic.ts';
import { applyText } from '../../report/apply-text.ts';
import { planText } from '../../report/plan-text.ts';
import { countPlan, plural, summaryLine } from '../../report/plan-view.ts';
import { applyPlanned } from '../../sync/apply-planned.ts';
import { planOnce } from '../../sync/plan-once.ts';
import { Follower } from './follower.ts';
import { sendRequests, until } from './traffic.ts';

/** What one step of the demo came to. `requests` and `writes` are what the device got. */
export interface StepResult {
  readonly ok: boolean;
  readonly requests: number;
  readonly writes: number;
  readonly detail: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly text: string;
}

/** What the steps work with, handed from one to the next. */
export interface Scene {
  readonly stage: Stage;
  readonly palette: Palette;
  readonly signal: AbortSignal;
  /** Follows the cluster from the step `scale` on. */
  follower: Follower | undefined;
}

/** A step: its name in the JSON output, what it shows and why that matters, and itself. */
export interface Step {
  readonly name: string;
  readonly title: string;
  /** What happens, and what to look at: lines of at most 80 characters. */
  readonly intro: string;
  readonly run: (scene: Scene) => Promise<StepResult>;
}

const WEB = 'default/web';
const API = 'shop/api';
const NEW_WEB_POD = '10.244.3.21';
const NEW_API_POD = '10.244.3.22';
const REQUESTS = 8;

/** The demo, in order. */
export const steps: readonly Step[] = [
  {
    name: 'plan',
    title: 'Plan: what would be done',
    intro:
      'The sample cluster has four Services; the emulated BIG-IP is empty. Nothing is\n' +
      'changed yet. Each object names its origin: the Service that asks for it.',
    run: plan,
  },
  {
    name: 'apply',
    title: 'Apply: exactly that plan',
    intro: 'Device and cluster are read again; then each unit is done whole or not at all.',
    run: apply,
  },
  {
    name: 'traffic',
    title: 'Traffic: real requests through the virtual servers',
    intro: 'The virtual servers listen, and balance over small backends that stand for pods.',
    run: traffic,
  },
  {
    name: 'scale',
    title: `Scale: Service ${WEB} gets one more pod`,
    intro: 'One pool member is new, so this one request is all that the device gets:',
    run: scale,
  },
  {
    name: 'broken-service',
    title: `Broken: Service ${WEB} asks for a profile that the device does not have`,
    intro:
      `The device refuses it. What ${WEB} had stays in force, and another Service,\n` +
      `${API}, gets a new pod all the same.`,
    run: breakService,
  },
  {
    name: 'rerun',
    title: 'Start anew: nothing changed, so nothing is written',
    intro: 'The Service is mended. A new start reads device and cluster, and compares.',
    run: rerun,
  },
];

async function plan({ stage, palette, signal }: Scene): Promise<StepResult> {
  return onLane(stage, async (lane) => {
    const prepared = await planOnce({ ...lane.options, signal });
    const view = { ...prepared, target: lane.name };
    const detail = { summary: countPlan(prepared.plan), fingerprint: prepared.plan.fingerprint };
    return { ok: prepared.plan.units.length > 0, detail, text: planText(view, palette) };
  });
}

async function apply({ stage, palette, signal }: Scene): Promise<StepResult> {
  return onLane(stage, async (lane) => {
    const prepared = await planOnce({ ...lane.options, signal });
    const applied = await applyPlanned(prepared, { signal });
    const text = applyText({ ...applied, target: lane.name, fingerprint: prepared.plan.fingerprint }, palette);
    const done = applied.reports.filter(({ state }) => state === 'done').length;
    const detail = {
      units: applied.reports.length,
      done,
      outcomes: applied.outcomes.map(({ origin, state }) => ({ origin, state })),
    };
    return { ok: done === applied.reports.length && done > 0, detail, text };
  });
}

async function traffic({ stage }: Scene): Promise<StepResult> {
  const [web, api] = [await listenerOf(stage, 'default_web_http'), await listenerOf(stage, 'shop_api_http')];
  await until(async () => (await sendRequests(web, 4)).size > 1, 'both pods of default/web answer');
  await until(async () => [...(await sendRequests(api, 1)).keys()].every(isAnswer), 'shop/api answers');
  const asked = [web, api];
  const all = await Promise.all(
    asked.map(async (listener) => ({ listener, answers: await sendRequests(listener, REQUESTS) })),
  );
  const ok = all.every(({ answers }) => [...answers.keys()].every(isAnswer));
  const text = all.map(({ listener, answers }) => answersText(listener, answers)).join('');
  const detail = all.map(({ listener, answers }) =>
    Object.assign(whereOf(listener), { answers: Object.fromEntries(answers) }),
  );
  return { ok, requests: 0, writes: 0, detail: { virtualServers: detail }, text };
}

async function scale(scene: Scene): Promise<StepResult> {
  const { stage, signal } = scene;
  const lane = await stage.openLane();
  const follower = new Follower(lane);
  scene.follower = follower;
  await follower.started;
  const before = stage.emulator.log.total;
  await startPod(stage, { service: WEB, like: WEB, address: NEW_WEB_POD });
  await stage.cluster.addPod(WEB, NEW_WEB_POD);
  const cycle = await follower.next('the new pod reaches the device', hasWrites, signal);
  const sent = stage.emulator.log
    .entries()
    .slice(-(stage.emulator.log.total - before))
    .filter(({ write }) => write);
  const web = await listenerOf(stage, 'default_web_http');
  const answersNow = (): Promise<Answers> => sendRequests(web, REQUESTS);
  await until(
    async () => [...(await answersNow()).keys()].some((who) => who.includes(NEW_WEB_POD)),
    'the new pod answers',
  );
  const { requests = 0, writes = 0 } = cycle.applied ?? {};
  const answers = await answersNow();
  const text = `${sent.map(requestText).join('')}${answersText(web, answers)}`;
  const detail = { sent: sent.map(requestDetail), answers: Object.fromEntries(answers) };
  return { ok: requests === 1 && writes === 1, requests, writes, detail, text };
}

async function breakService({ stage, follower, palette, signal }: Scene): Promise<StepResult> {
  if (follower === undefined) throw new Error('the step scale must come first');
  const counters = follower.counters;
  const profiles = ['fairlead.io/profiles', '/Common/no-such-profile'] as const;
  await stage.cluster.annotate(WEB, ...profiles);
  const refused = await follower.next('the device refuses it', (cycle) => refusals(cycle).length > 0, signal);
  await startPod(stage, { service: API, like: API, address: NEW_API_POD });
  await stage.cluster.addPod(API, NEW_API_POD);
  const other = await follower.next('shop/api goes on', hasWrites, signal);
  const web = await listenerOf(stage, 'default_web_http');
  const answers = await sendRequests(web, REQUESTS);
  const after = follower.counters;
  await stage.cluster.annotate(WEB, profiles[0], undefined);
  await follower.next('the repaired Service is in step', (cycle) => refusals(cycle).length === 0, signal);
  const [refusal] = refusals(refused);
  const othersDone = other.applied?.reports.every(({ state }) => state === 'done') === true;
  const stillServed = [...answers.keys()].every(isAnswer);
  const text =
    `${palette.removed('refused')} Service ${WEB}; the device said:\n    ${refusal?.message}\n` +
    `${palette.added('done')}    Service ${API}: new pod, ${plural(other.applied?.writes ?? 0, 'write')}\n` +
    `${palette.added('served')}  Service ${WEB}, as before:\n${answersText(web, answers)}`;
  const detail = {
    service: WEB,
    device: refusal?.message,
    others: { service: API, done: othersDone },
    answers: Object.fromEntries(answers),
  };
  const requests = after.requests - counters.requests;
  return {
    ok: refusal !== undefined && othersDone && stillServed,
    requests,
    writes: after.writes - counters.writes,
    detail,
    text,
  };
}

async function rerun({ stage, follower, signal }: Scene): Promise<StepResult> {
  await follower?.stop();
  return onLane(stage, async (lane) => {
    const prepared = await planOnce({ ...lane.options, signal });
    await applyPlanned(prepared, { signal });
    const { writes } = lane.options.target.counters;
    const detail = { summary: countPlan(prepared.plan), objects: prepared.desired };
    return { ok: writes === 0 && prepared.plan.units.length === 0, detail, text: `${summaryLine(prepared)}\n` };
  });
}

type Outcome = Pick<StepResult, 'ok' | 'detail' | 'text'>;

/** Runs a step on a lane of its own, as a new process would, and counts what it sent. */
async function onLane(stage: Stage, work: (lane: Lane) => Promise<Outcome>): Promise<StepResult> {
  const lane = await stage.openLane();
  try {
    const outcome = await work(lane);
    const { requests, writes } = lane.options.target.counters;
    return { ...outcome, requests, writes };
  } finally {
    await lane.close();
  }
}

async function startPod(
  { cluster, backends }: Stage,
  pod: { readonly service: string; readonly like: string; readonly address: string },
): Promise<void> {
  const known = (await cluster.podPorts()).find(({ service }) => service === pod.like);
  if (known !== undefined) await backends.start({ ...known, address: pod.address });
}

/** The listener of a virtual server, as soon as it listens. */
async function listenerOf({ emulator }: Stage, name: string): Promise<Listener> {
  const find = (): Listener | undefined => emulator.listeners().find(({ virtual }) => virtual.endsWith(`/${name}`));
  await until(() => find()?.port !== undefined, `virtual server ${name} listens`);
  const found = find();
  if (found === undefined) throw new Error(`virtual server ${name} is gone`);
  return found;
}

type Cycle = Extract<SyncEvent, { readonly type: 'cycle' }>;

function hasWrites({ applied }: Cycle): boolean {
  return (applied?.writes ?? 0) > 0;
}

function refusals({ applied }: Cycle): readonly { readonly message: string }[] {
  return applied?.reports.flatMap(({ blame }) => blame ?? []) ?? [];
}

function isAnswer(who: string): boolean {
  return !who.startsWith('error');
}

function whereOf({ destination, address, port }: Listener): { destination: string; listens: string } {
  return { destination, listens: `${address}:${port}` };
}

function answersText(listener: Listener, answers: Answers): string {
  const { destination, listens } = whereOf(listener);
  const lines = [...answers].map(([who, count]) => `    ${plural(count, 'answer')} from ${who}\n`);
  return `virtual server ${destination} (on this machine ${listens})\n${lines.join('')}`;
}

function requestText({ method, path, body }: LogEntry): string {
  return `${method} ${path}\n${JSON.stringify(body, null, 2)}\n\n`;
}

function requestDetail({ method, path, body, status }: LogEntry): unknown {
  return { method, path, body, status };
}
