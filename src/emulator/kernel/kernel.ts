import { readFile, writeFile } from 'node:fs/promises';
import type { LearnedRoute } from '../stats/route-table.ts';
import type { Device } from '../session/device.ts';
import type { JournalEntry } from '../store/store.ts';
import { announceAddress, type Announce } from './announce.ts';
import { runCommand, type Command, type Run } from './command.ts';
import { kernelObjects } from './desired.ts';
import { learnedRoutes } from './learned.ts';
import type { KernelObject } from './links.ts';
import { namespaceFacts, refusal } from './namespace.ts';

/** How the configuration is applied to the kernel. */
export interface KernelOptions {
  /** The interface of this machine that an interface of the box (`1.1`) or a VLAN (`internal`) stands for. */
  readonly interfaces?: Readonly<Record<string, string>>;
  /** Also in the machine's own network namespace. Default false. */
  readonly anyNamespace?: boolean;
}

/** An object and whether the kernel has it. */
export interface KernelEntry {
  /** `net/self /Common/internal`. */
  readonly object: string;
  readonly state: 'applied' | 'failed';
  /** What is wrong, in words. */
  readonly problem?: string;
}

/** The kernel is not to be touched here. */
export class KernelRefused extends Error {}

const followed = /^(?:net\/|ltm\/virtual-address$|gtm\/listener$)/v;
const gone = /Cannot find device|No such (?:process|file|device)|Cannot assign requested address/v;

interface Applied {
  readonly object: KernelObject;
  /** False for what was there before us. */
  readonly isOurs: boolean;
}

/** Keeps the kernel of a network namespace on what the configuration says, by difference. */
export class Kernel {
  readonly #device: Device;
  readonly #interfaces: Readonly<Record<string, string>>;
  readonly #run: Run;
  readonly #announce: Announce;
  readonly #whenClosed: (() => Promise<void>) | undefined;
  readonly #applied = new Map<string, Applied>();
  readonly #problems = new Map<string, string>();
  #work: Promise<void> = Promise.resolve();
  #isQueued = false;
  #closed = false;

  /** {@link startKernel} makes one that has looked where it is; tests bring a `run` of their own. */
  constructor(
    device: Device,
    interfaces: Readonly<Record<string, string>>,
    {
      run = runCommand,
      announce = announceAddress,
      whenClosed,
    }: { readonly run?: Run; readonly announce?: Announce; readonly whenClosed?: () => Promise<void> } = {},
  ) {
    this.#device = device;
    this.#interfaces = interfaces;
    this.#run = run;
    this.#announce = announce;
    this.#whenClosed = whenClosed;
  }

  /** Tells it what a commit changed. Resolves when the kernel follows; never rejects. */
  changed(changes: readonly JournalEntry[]): Promise<void> {
    const isTouched = changes.some(({ kind }) => followed.test(kind.path));
    return isTouched ? this.follow() : this.#work;
  }

  /** Applies the configuration as it is. What failed before is tried again. */
  follow(): Promise<void> {
    if (!this.#isQueued && !this.#closed) {
      this.#isQueued = true;
      this.#work = this.#work.then(() => {
        this.#isQueued = false;
        return this.#apply(kernelObjects(this.#device, this.#interfaces));
      });
    }
    return this.#work;
  }

  /** What a routing daemon put beside what is ours. */
  learned(): Promise<readonly LearnedRoute[]> {
    return learnedRoutes();
  }

  /** Resolves when everything told so far is applied. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** What is applied and what is not, in the order of keys. */
  entries(): readonly KernelEntry[] {
    const applied = [...this.#applied.keys()]
      .filter((object) => !this.#problems.has(object))
      .map((object) => ({ object, state: 'applied' as const }));
    const failed = [...this.#problems].map(([object, problem]) => ({ object, state: 'failed' as const, problem }));
    return [...applied, ...failed].sort((a, b) => (a.object < b.object ? -1 : 1));
  }

  /** Removes everything that was applied. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    await this.#apply([]);
    await this.#whenClosed?.();
  }

  async #apply(wanted: readonly KernelObject[]): Promise<void> {
    const byKey = new Map(wanted.map((object) => [object.key, object]));
    this.#problems.clear();
    for (const { object, isOurs } of [...this.#applied.values()].toReversed()) {
      if (byKey.get(object.key)?.signature !== object.signature) {
        this.#applied.delete(object.key);
        await (isOurs ? this.#remove(object) : undefined);
      }
    }
    for (const object of byKey.values()) {
      if (object.problem !== undefined) {
        this.#problems.set(object.key, object.problem);
      } else if (!this.#applied.has(object.key)) {
        await this.#add(object);
      }
    }
  }

  async #add(object: KernelObject): Promise<void> {
    for (const [at, command] of object.add.entries()) {
      const problem = await this.#run(command);
      if (problem !== undefined && object.sharesExisting === true && /File exists|already assigned/v.test(problem)) {
        this.#applied.set(object.key, { object, isOurs: false });
        return;
      }
      if (problem !== undefined) {
        // Half of it is nothing; what another made is not taken away.
        await (at === 0 ? undefined : this.#remove(object));
        this.#problems.set(object.key, told(command, problem));
        return;
      }
    }
    this.#applied.set(object.key, { object, isOurs: true });
    if (object.announcement !== undefined) {
      await this.#announce(object.announcement);
    }
  }

  async #remove(object: KernelObject): Promise<void> {
    for (const command of object.remove) {
      const problem = await this.#run(command);
      if (problem !== undefined && !gone.test(problem)) {
        this.#problems.set(object.key, told(command, problem));
      }
    }
  }
}

function told({ program, args }: Command, problem: string): string {
  return `${program} ${args.join(' ')}: ${problem}`;
}

const promotion = '/proc/sys/net/ipv4/conf/all/promote_secondaries';

/**
 * Lets the second address of a network stay when the first goes: else Linux takes both. Gives what puts the setting back;
 * where it may not be written the kernel is as it is.
 */
async function keepSecondaries(): Promise<() => Promise<void>> {
  const before = await readFile(promotion, 'utf8').catch(() => '1');
  const set = (value: string): Promise<void> => writeFile(promotion, value).catch(() => undefined);
  if (before.trim() === '1') {
    return () => Promise.resolve();
  }
  await set('1');
  return () => set(before);
}

/** Starts to apply a device's configuration to the kernel. Throws {@link KernelRefused} where it must not be touched. */
export async function startKernel(device: Device, options: KernelOptions): Promise<Kernel> {
  const reason = options.anyNamespace === true ? undefined : refusal(await namespaceFacts());
  if (reason !== undefined) {
    throw new KernelRefused(reason);
  }
  const bad = Object.values(options.interfaces ?? {}).find((name) => !/^[^\s\/\-][^\s\/]{0,14}$/v.test(name));
  if (bad !== undefined) {
    throw new KernelRefused(`"${bad}" is not a name of an interface`);
  }
  const kernel = new Kernel(device, options.interfaces ?? {}, { whenClosed: await keepSecondaries() });
  await kernel.follow();
  return kernel;
}
