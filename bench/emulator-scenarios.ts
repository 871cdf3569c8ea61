import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Child } from './child.ts';
import type { Call } from './emulator-client.ts';
import { Load } from './emulator-client.ts';
import type { DeviceMessage, DeviceOrder } from './emulator-messages.ts';

/** How much is done. */
export interface Sizes {
  /** Requests of each kind. */
  readonly requests: number;
  /** Creates in one transaction. */
  readonly creates: number;
  /** Objects for the memory, about. */
  readonly objects: number;
}

/** How many requests were answered. */
export interface Rate {
  readonly perSecond: number;
  /** In a second of the emulator's own processor time: what a core does that has nothing else to do. */
  readonly perCpuSecond: number;
}

/** What was measured; figures of one run. */
export interface EmulatorResult {
  readonly format: 'fairlead.bench.emulator/v1';
  readonly pinned: boolean;
  readonly sizes: Sizes;
  /** Answered requests a second, by what was asked. */
  readonly rates: Readonly<Record<RateName, Rate>>;
  /** The same, with the state kept on disk: every write is on it before it is answered. */
  readonly ratesKept: Readonly<Record<RateName, Rate>>;
  /** Milliseconds of the commit: the median of five transactions. */
  readonly commitMs: number;
  /** Objects that the transactions made, counted on the device. */
  readonly committed: number;
  readonly memory: { readonly objects: number; readonly rssMiB: number; readonly peakRssMiB: number };
}

/** What is asked many times. */
export const RATES = ['read', 'list', 'create', 'modify', 'delete'] as const;
export type RateName = (typeof RATES)[number];

/** Transactions that the commit's time is taken from. */
export const TRANSACTIONS = 5;
const START_MS = 60_000;

const requestOf: Readonly<Record<RateName, (number: number) => Call>> = {
  read: () => ({ method: 'GET', path: 'ltm/pool/~Common~read' }),
  list: () => ({ method: 'GET', path: 'ltm/pool?$top=10' }),
  create: (number) => ({ method: 'POST', path: 'ltm/pool', body: { name: `p${number}`, monitor: '/Common/http' } }),
  modify: (number) => ({ method: 'PATCH', path: `ltm/pool/~Common~p${number}`, body: { description: `d${number}` } }),
  delete: (number) => ({ method: 'DELETE', path: `ltm/pool/~Common~p${number}` }),
};

interface Device {
  readonly child: Child<DeviceMessage, DeviceOrder>;
  readonly load: Load;
  readonly pinned: boolean;
}

async function startDevice(signal: AbortSignal, args: readonly string[]): Promise<Device> {
  const child = new Child<DeviceMessage, DeviceOrder>({
    program: 'emulator-device-process.ts',
    args,
    title: 'the emulator',
    signal,
  });
  const isListening = (message: DeviceMessage): message is Extract<DeviceMessage, { type: 'listening' }> =>
    message.type === 'listening';
  const listening = await child.next(isListening, { what: 'address', withinMs: START_MS });
  return { child, load: new Load(listening), pinned: listening.pinned };
}

async function count({ child }: Device): Promise<Extract<DeviceMessage, { type: 'counted' }>> {
  const isCount = (message: DeviceMessage): message is Extract<DeviceMessage, { type: 'counted' }> =>
    message.type === 'counted';
  const counted = child.next(isCount, { what: 'count', withinMs: START_MS });
  child.send({ type: 'count' });
  return await counted;
}

async function withDevice<T>(
  signal: AbortSignal,
  work: (device: Device) => Promise<T>,
  args: readonly string[] = [],
): Promise<T> {
  const device = await startDevice(signal, args);
  try {
    return await work(device);
  } finally {
    await device.load.close();
    await device.child.stop({ type: 'stop' });
  }
}

/** Requests before the measurement, so that the code is compiled. */
const WARM_UP = 300;

async function rates(device: Device, { requests }: Sizes): Promise<Record<RateName, Rate>> {
  const { load } = device;
  await load.send({ method: 'POST', path: 'ltm/pool', body: { name: 'read' } });
  await load.sendMany(WARM_UP, requestOf.list);
  const found = new Map<RateName, Rate>();
  for (const name of RATES) {
    const before = await count(device);
    const seconds = await load.sendMany(requests, requestOf[name]);
    const after = await count(device);
    const cpuSeconds = (after.cpuMs - before.cpuMs) / 1000;
    found.set(name, { perSecond: requests / seconds, perCpuSecond: requests / cpuSeconds });
  }
  return Object.fromEntries(found) as Record<RateName, Rate>;
}

async function commits(device: Device, { creates }: Sizes): Promise<{ commitMs: number; committed: number }> {
  const before = await count(device);
  const times: number[] = [];
  for (let transaction = 0; transaction < TRANSACTIONS; transaction += 1) {
    const calls = Array.from({ length: creates }, (_, number): Call => {
      const body = { name: `t${transaction}-${number}`, monitor: '/Common/http', description: 'made by the bench' };
      return { method: 'POST', path: 'ltm/pool', body };
    });
    times.push(await device.load.transact(calls));
  }
  const after = await count(device);
  const sorted = times.toSorted((a, b) => a - b);
  return { commitMs: sorted[TRANSACTIONS >> 1] ?? Number.NaN, committed: after.objects - before.objects };
}

/**
 * Applications of ten objects each: a pool, three members, their three nodes, a virtual server, its profile and its
 * address.
 */
async function fill({ load }: Device, { objects }: Sizes): Promise<void> {
  const address = (number: number, net: number): string => `10.${net}.${number >> 8}.${number & 255}`;
  await load.sendMany(objects / 10, (number) => ({
    method: 'POST',
    path: 'ltm/pool',
    body: {
      name: `app${number}`,
      monitor: '/Common/http',
      members: [1, 2, 3].map((net) => ({ name: `${address(number, net)}:80`, address: address(number, net) })),
    },
  }));
  await load.sendMany(objects / 10, (number) => ({
    method: 'POST',
    path: 'ltm/virtual',
    body: { name: `app${number}`, destination: `${address(number, 9)}:80`, ipProtocol: 'tcp', pool: `app${number}` },
  }));
}

/** With state on disk: a tenth of the requests, for they wait for the disk. */
async function keptRates(signal: AbortSignal, { requests, ...rest }: Sizes): Promise<Record<RateName, Rate>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fairlead-bench-'));
  const sizes = { ...rest, requests: Math.ceil(requests / 10) };
  try {
    return await withDevice(signal, async (device) => await rates(device, sizes), [path.join(folder, 'state')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Measures an emulator in a process of its own, a new one for each part. Logs what it is at by `progress`. */
export async function measureEmulator(
  sizes: Sizes,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (text: string) => void },
): Promise<EmulatorResult> {
  progress('requests');
  const { pinned, rates: found } = await withDevice(signal, async (device) => ({
    pinned: device.pinned,
    rates: await rates(device, sizes),
  }));
  progress('requests, with state on disk');
  const ratesKept = await keptRates(signal, sizes);
  progress('transactions');
  const { commitMs, committed } = await withDevice(signal, async (device) => await commits(device, sizes));
  progress('memory');
  const memory = await withDevice(signal, async (device) => {
    await fill(device, sizes);
    const { objects, rssMiB, peakRssMiB } = await count(device);
    return { objects, rssMiB, peakRssMiB };
  });
  return { format: 'fairlead.bench.emulator/v1', pinned, sizes, rates: found, ratesKept, commitMs, committed, memory };
}
