import type { LaneMaker } from '../assemble.ts';
import type { Io } from '../io.ts';
import type { Scene, Step, StepResult } from './steps.ts';
import type { Stage } from './stage.ts';
import { plural } from '../../report/plan-view.ts';
import { table } from '../../report/table.ts';
import { lineProgress, silentProgress } from '../progress.ts';
import { EXIT, paletteFor, printError } from '../session.ts';
import { Follower } from './follower.ts';
import { setStage } from './stage.ts';
import { steps } from './steps.ts';

/** What `fairlead demo` takes. */
export interface DemoFlags {
  readonly output: string;
  /** False: --no-color. */
  readonly color: boolean;
  readonly keep?: true;
}

const WHAT_NEXT = `
All steps came out as they should. With --keep it goes on running, to explore.
What a Service can ask for: docs/annotations.md; your own device: docs/cli.md
`;

/**
 * `fairlead demo`: the main job on embedded defaults: an emulated BIG-IP with a listening data plane, a sample cluster as
 * manifests, small backends. Exit code 0 if every step came out as it should.
 */
export async function demoVerb(
  deps: { readonly io: Io; readonly makeLanes: LaneMaker },
  flags: DemoFlags,
): Promise<number> {
  const { io } = deps;
  const stop = new AbortController();
  const forget = io.onSignal(() => (stop.signal.aborted ? io.exit(EXIT.error) : stop.abort()));
  let stage: Stage | undefined;
  try {
    stage = await setStage(deps);
    const scene: Scene = { stage, palette: paletteFor(io.stdout, io, flags), signal: stop.signal, follower: undefined };
    const good = await runSteps(scene, io, flags);
    if (flags.keep === true) await keep(scene, io);
    else if (good && flags.output !== 'json') io.stdout.write(WHAT_NEXT);
    return good ? EXIT.ok : EXIT.error;
  } catch (error) {
    printError(error, io, flags);
    return EXIT.error;
  } finally {
    forget();
    await stage?.close();
  }
}

/** Runs the steps in order; a step that throws failed, and ends the demo. */
async function runSteps(scene: Scene, io: Io, flags: DemoFlags): Promise<boolean> {
  const progress = io.stderr.isTTY === true && flags.output !== 'json' ? lineProgress(io.stderr) : silentProgress;
  let good = true;
  try {
    for (const [index, step] of steps.entries()) {
      progress.step(step.title);
      const result = await attempt(step, scene);
      progress.clear();
      print(io, { step, index, result, json: flags.output === 'json', scene });
      good &&= result.ok;
      if (result.failed === true) return false;
    }
    return good;
  } finally {
    progress.clear();
    await scene.follower?.stop();
  }
}

async function attempt(step: Step, scene: Scene): Promise<StepResult & { readonly failed?: true }> {
  try {
    return await step.run(scene);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, requests: 0, writes: 0, detail: { error: message }, text: `${message}\n`, failed: true };
  }
}

interface Shown {
  readonly step: Step;
  readonly index: number;
  readonly result: StepResult;
  readonly json: boolean;
  readonly scene: Scene;
}

function print(io: Io, { step, index, result, json, scene: { palette } }: Shown): void {
  const { ok, requests, writes, detail, text } = result;
  if (json) {
    io.stdout.write(`${JSON.stringify({ step: step.name, ok, requests, writes, detail })}\n`);
    return;
  }
  const verdict = ok ? palette.added('ok') : palette.removed('FAILED');
  const title = palette.strong(`${index + 1}. ${step.title}`);
  io.stdout.write(`${index === 0 ? '' : '\n'}${title}\n${palette.faint(step.intro)}\n\n`);
  const asked = `the device got ${plural(requests, 'request')}, ${plural(writes, 'write')} among them`;
  io.stdout.write(`${text.trimEnd()}\n\n${verdict}: ${asked}\n`);
}

/** Goes on following the cluster until a signal, and says where everything is. */
async function keep({ stage, signal }: Scene, io: Io): Promise<void> {
  const follower = new Follower(await stage.openLane());
  await follower.started;
  const fairlead = io.env['npm_lifecycle_event'] === 'demo' ? 'npm run fairlead --' : 'fairlead';
  io.stderr.write(
    `\nIt runs on, and follows the manifests, until Ctrl-C.\n` +
      `  manifests to change  ${stage.cluster.folder}\n` +
      `  see what it wants    ${fairlead} get -c ${stage.configFile}\n` +
      `  see the difference   ${fairlead} plan -c ${stage.configFile}\n` +
      `  emulated BIG-IP      ${stage.emulator.url}, user fairlead\n` +
      `  its password         ${stage.folder}/password\n` +
      `  its certificate      ${stage.folder}/ca.pem\n` +
      `Virtual servers, and where they listen on this machine:\n${listenersText(stage)}`,
  );
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await follower.stop();
}

function listenersText({ emulator }: Stage): string {
  const rows = emulator
    .listeners()
    .map(({ virtual, destination, address, port, problem }) => [
      `  ${virtual}`,
      destination,
      problem ?? `${address}:${port}`,
    ]);
  return table(rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}
