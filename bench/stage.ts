import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Child } from './child.ts';
import { Cluster, POOL_RANGE } from './cluster.ts';
import type { EmulatorMessage, EmulatorOrder, FairleadMessage, FairleadOrder } from './messages.ts';

/** Fairlead's process. */
export type Fairlead = Child<FairleadMessage, FairleadOrder>;

/** What is on the device. */
export type Counted = Extract<EmulatorMessage, { readonly type: 'counted' }>;

/** What to set up. */
export interface StageOptions {
  readonly services: number;
  /** One Service among them names a profile that does not exist. */
  readonly broken: boolean;
  /** A folder for CPU profiles of Fairlead. */
  readonly profiles?: string;
  readonly signal: AbortSignal;
}

/** A cluster in this process, an emulated device in another, and what Fairlead needs to reach both. */
export interface Stage {
  readonly cluster: Cluster;
  /** Starts Fairlead in a process of its own. */
  startFairlead(): Fairlead;
  /** Counts what is on the device. */
  count(): Promise<Counted>;
  /** Ends all processes. */
  close(): Promise<void>;
}

const USER = 'fairlead';

/** Sets the stage in a new temporary folder. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { services, broken, profiles, signal } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-bench-'));
  const cluster = new Cluster();
  const emulator = new Child<EmulatorMessage, EmulatorOrder>({
    program: 'emulator-process.ts',
    args: [USER],
    title: 'the emulator',
    signal,
  });
  const fairleads: Fairlead[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(fairleads.map((each) => each.stop({ type: 'stop' })));
    await emulator.stop({ type: 'stop' });
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const device = await emulator.next((message) => message.type === 'listening', {
      what: 'address',
      withinMs: 30_000,
    });
    const server = await cluster.start(services, { broken });
    await writeFiles(folder, { ...device, server });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    cluster,
    startFairlead: () => {
      const nodeArgs = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profiles)}`];
      const args = [path.join(folder, 'fairlead.yaml')];
      const fairlead: Fairlead = new Child({
        program: 'fairlead-process.ts',
        args,
        nodeArgs,
        title: 'Fairlead',
        signal,
      });
      fairleads.push(fairlead);
      return fairlead;
    },
    count: async () => {
      const counted = emulator.next((message) => message.type === 'counted', { what: 'count', withinMs: 60_000 });
      emulator.send({ type: 'count' });
      return counted;
    },
    close,
  };
}

async function writeFiles(
  folder: string,
  { server, url, certificate, password }: Readonly<Record<'server' | 'url' | 'certificate' | 'password', string>>,
): Promise<void> {
  await writeFile(path.join(folder, 'password'), password, { mode: 0o600 });
  await writeFile(path.join(folder, 'ca.pem'), certificate);
  await writeFile(path.join(folder, 'kubeconfig'), kubeconfigText(server));
  await writeFile(path.join(folder, 'fairlead.yaml'), configText(url));
}

function kubeconfigText(server: string): string {
  return `apiVersion: v1
kind: Config
current-context: bench
contexts: [{ name: bench, context: { cluster: bench, user: bench } }]
clusters: [{ name: bench, cluster: { server: "${server}" } }]
users: [{ name: bench, user: {} }]
`;
}

/** All that is not here is the default of `fairlead run`. Waiting until it is idle would only make the bench longer. */
function configText(url: string): string {
  return `instance: bench
sources:
  - name: bench
    kubernetes: { kubeconfig: ./kubeconfig }
targets:
  - name: bigip1
    bigip:
      url: ${url}
      username: ${USER}
      password: { file: ./password }
      tls: { caFile: ./ca.pem }
      partition: kubernetes
addressPools:
  - { name: default, ranges: ["${POOL_RANGE}"] }
run: { idle: 1s }
`;
}
