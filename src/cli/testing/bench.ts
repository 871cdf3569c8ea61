import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySource } from '../../../test/support/memory-source.ts';
import { contribution, INSTANCE, PARTITION, service } from '../../../test/support/objects.ts';
import type { MemoryTarget } from '../../targets/memory/index.ts';
import { createMemoryTarget } from '../../targets/memory/index.ts';
import type { Lane, LaneMaker } from '../assemble.ts';
import { runCli } from '../program.ts';
import { type FakeIo, fakeIo } from './fake-io.ts';

/** A folder with a config, a source and devices in memory, and the command line on top. */
export interface Bench {
  readonly folder: string;
  readonly config: string;
  readonly source: MemorySource;
  readonly devices: readonly MemoryTarget[];
  readonly makeLanes: LaneMaker;
  /** Lanes that were closed. */
  readonly closed: () => number;
  /** Runs a command without a terminal. */
  readonly run: (...args: readonly string[]) => Promise<{ readonly code: number; readonly io: FakeIo }>;
  /** Starts a command, with these streams. */
  readonly start: (io: FakeIo, ...args: readonly string[]) => Promise<number>;
  readonly remove: () => Promise<void>;
}

/** The config of the bench; its source and targets are stood in for, except by `check`. */
const CONFIG = `instance: ${INSTANCE}
sources: [{ name: east, kubernetes: { manifests: ./manifests } }]
targets:
  - { name: one, bigip: { url: https://one, username: a, password: { env: A }, partition: ${PARTITION} } }
log: { level: info, format: text }
run: { settle: 1ms, idle: 1ms, grace: 50ms }
`;

/** A bench with the Service `web`, and as many empty devices. */
export async function createBench(names: readonly string[] = ['one']): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-cli-'));
  const config = join(folder, 'fairlead.yaml');
  await writeFile(config, CONFIG);
  const source = new MemorySource('east', [contribution('web', service('web', '10.1.1.1', ['10.0.0.1', '10.0.0.2']))]);
  const devices = names.map((name) => createMemoryTarget({ name }));
  for (const { device } of devices) device.put({ object: { kind: 'partition', path: `/${PARTITION}` } });
  let closed = 0;
  const lanes = devices.map((target): Lane => {
    const options = {
      instance: INSTANCE,
      partition: PARTITION,
      sources: [source],
      target,
      threshold: { objects: 10, share: 0.3 },
    };
    return {
      name: target.name,
      options,
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    };
  });
  const makeLanes: LaneMaker = () => Promise.resolve(lanes);
  const start = (io: FakeIo, ...args: readonly string[]): Promise<number> =>
    runCli([...args.slice(0, 1), '--config', config, ...args.slice(1)], { io, makeLanes });
  return {
    folder,
    config,
    source,
    devices,
    makeLanes,
    closed: () => closed,
    start,
    run: async (...args) => {
      const io = fakeIo();
      return { code: await start(io, ...args), io };
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
