import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Emulator } from '../../emulator/index.ts';
import type { Lane, LaneMaker } from '../assemble.ts';
import type { Io } from '../io.ts';
import { loadConfig } from '../../config/load.ts';
import { createDataPlane } from '../../emulator/dataplane/index.ts';
import { startEmulator } from '../../emulator/index.ts';
import { Failure } from '../failure.ts';
import { createLog } from '../log.ts';
import { Backends } from './backends.ts';
import { SampleCluster } from './cluster.ts';

/**
 * Monitors probe this much faster than configured, so that members are up within a moment; not so fast that a pause of a
 * busy machine is a member that is down.
 */
const TIME_SCALE = 0.5;

/** All that the demo runs on: a folder, a sample cluster in it, backends, an emulated BIG-IP, and a config file. */
export interface Stage {
  readonly folder: string;
  readonly configFile: string;
  readonly cluster: SampleCluster;
  readonly backends: Backends;
  readonly emulator: Emulator;
  /** A new lane, as a new process would make it from the config file. */
  openLane(): Promise<Lane>;
  close(): Promise<void>;
}

/** Sets the stage in a new temporary folder. */
export async function setStage({ io, makeLanes }: { readonly io: Io; readonly makeLanes: LaneMaker }): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-demo-'));
  const cluster = new SampleCluster(path.join(folder, 'cluster'));
  await mkdir(cluster.folder);
  await cluster.write();
  const backends = new Backends();
  for (const pod of await cluster.podPorts()) await backends.start(pod);
  const password = randomBytes(18).toString('base64url');
  const reach = ({ address, port }: { readonly address: string; readonly port: number }) =>
    backends.reach(address, port);
  const emulator = await startEmulator({
    tls: 'self-signed',
    users: [{ name: 'fairlead', password, role: 'admin' }],
    dataPlane: () => createDataPlane({ timeScale: TIME_SCALE, reach }),
  });
  await writeFile(path.join(folder, 'password'), password, { mode: 0o600 });
  await writeFile(path.join(folder, 'ca.pem'), emulator.certificate ?? '');
  const configFile = path.join(folder, 'fairlead.yaml');
  await writeFile(configFile, configText(emulator.url));
  const openLane = async (): Promise<Lane> => {
    const { config, diagnostics } = await loadConfig(configFile);
    if (config === undefined) throw new Failure(diagnostics.map(({ summary }) => summary).join('\n'));
    const log = createLog({ level: 'silent', format: 'text', out: io.stderr });
    const [lane] = await makeLanes(config, { log, env: io.env, signal: new AbortController().signal });
    if (lane === undefined) throw new Failure(`${configFile}: no target`);
    return lane;
  };
  const close = async (): Promise<void> => {
    await emulator.close();
    await backends.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, configFile, cluster, backends, emulator, openLane, close };
}

function configText(url: string): string {
  return `# A sample cluster as manifests, and an emulated BIG-IP.
instance: demo
sources:
  - name: sample
    kubernetes: { manifests: ./cluster }
targets:
  - name: bigip1
    bigip:
      url: ${url}
      username: fairlead
      password: { file: ./password }
      tls: { caFile: ./ca.pem }
      partition: kubernetes
addressPools:
  - { name: default, ranges: ["10.1.10.0/28"] }
`;
}
