import type { Network } from '../../ir/network.ts';
import type { Kind } from '../../ir/objects.ts';
import type { Ref } from '../../ir/ref.ts';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Actual, Snapshot } from '../../plan/snapshot.ts';
import type { Capabilities, CheckLine, Target, TargetCounters, UnitReport } from '../target.ts';
import type { Channel } from './client/io.ts';
import type { Settings } from './client/options.ts';
import type { DeviceContext } from './request.ts';
import { descriptors } from '../../ir/objects.ts';
import { refOf } from '../../ir/ref.ts';
import { TargetUnavailable } from '../target.ts';
import { applyUnits } from './apply.ts';
import { checkDevice } from './check.ts';
import { BigipClient } from './client/client.ts';
import { readDefaultRouteDomain, readFailoverState, readVersion } from './client/device.ts';
import { limit } from './client/limit.ts';
import { ROUTING_TABLE, decodeRoutingTable } from './decode/routing-table.ts';
import { readObjects } from './read-objects.ts';
import { readSnapshot } from './read.ts';
import { RENDER_LANGUAGES, render } from './render.ts';
import { ReportBook } from './report-book.ts';
import { saveConfiguration } from './save.ts';

/** What plans are printed for as long as no device was asked. */
const ASSUMED_VERSION = [17, 1, 0] as const;
/** How long tidying up may take once nobody waits for it. */
const CLEANUP_MS = 5000;
const KINDS = Object.keys(descriptors) as Kind[];
const LTM_KINDS = KINDS.filter((kind) => descriptors[kind].module === undefined);

/** One BIG-IP, or a pair. Reads run side by side; writes go one after the other. */
export class BigipTarget implements Target {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly #settings: Settings;
  readonly #client: BigipClient;
  readonly #write = limit(1);
  #version: readonly number[] | undefined;
  #defaultRouteDomain: number | undefined;

  constructor(settings: Settings) {
    this.name = settings.name;
    const kinds = settings.dns === undefined ? LTM_KINDS : KINDS;
    this.capabilities = { kinds, batches: true, languages: RENDER_LANGUAGES };
    this.#settings = settings;
    this.#client = new BigipClient(settings);
  }

  get counters(): TargetCounters {
    return this.#client.counters;
  }

  async read({ signal }: { readonly signal: AbortSignal }): Promise<Snapshot> {
    return this.#available(signal, async () => {
      const channel = this.#client.channel(signal);
      await this.#findActive(channel);
      const { address } = this.#client;
      this.#version = await readVersion(channel, this.name);
      const { partition, pageSize, scope } = this.#settings;
      const { kinds } = this.capabilities;
      const context = { version: this.#version, defaultRouteDomain: this.#defaultRouteDomain ?? 0, partition };
      const snapshot = await readSnapshot(channel, { partition, kinds, pageSize, context, signal, scope });
      // Half of one unit's configuration and half of the other's is nobody's.
      if (this.#client.address !== address) {
        throw new TargetUnavailable(`${this.name}: read partly from ${address}, partly from ${this.#client.address}`);
      }
      this.#defaultRouteDomain = this.#domainOf(snapshot);
      return snapshot;
    });
  }

  async readSome(options: {
    readonly refs: readonly Ref[];
    readonly signal: AbortSignal;
  }): Promise<ReadonlyMap<Ref, Actual | undefined>> {
    return this.#available(options.signal, async () => {
      const channel = this.#client.channel(options.signal);
      const { partition } = this.#settings;
      this.#version ??= await readVersion(channel, this.name);
      this.#defaultRouteDomain ??= (await readDefaultRouteDomain(channel, partition)) ?? 0;
      const context = { version: this.#version, defaultRouteDomain: this.#defaultRouteDomain, partition };
      return readObjects(channel, options.refs, context);
    });
  }

  async apply(options: {
    readonly units: readonly PlanUnit[];
    readonly snapshot: Snapshot;
    readonly signal: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  }): Promise<readonly UnitReport[]> {
    if (options.units.length === 0) return [];
    const reports = new ReportBook(options.units);
    const report = (given: UnitReport): void => {
      reports.add(given);
      options.onProgress?.(reports.size, options.units.length);
    };
    const inOrder = (): readonly UnitReport[] => reports.inOrder();
    await this.#available(options.signal, () => this.#write(() => this.#apply(options, report)), inOrder);
    return inOrder();
  }

  async save({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return this.#available(signal, () =>
      this.#write(() => saveConfiguration(this.#client.channel(signal), this.#settings)),
    );
  }

  render(units: readonly PlanUnit[], language: string, snapshot: Snapshot): string {
    const version = this.#version ?? ASSUMED_VERSION;
    return render(units, { language, snapshot, context: this.#contextOf(snapshot, version, units) });
  }

  async routes({ signal }: { readonly signal: AbortSignal }): Promise<readonly Network[]> {
    return this.#available(signal, async () => {
      const channel = this.#client.channel(signal);
      await this.#findActive(channel);
      const domain = (await readDefaultRouteDomain(channel, this.#settings.partition)) ?? 0;
      return decodeRoutingTable(await channel.get(ROUTING_TABLE), domain);
    });
  }

  async check({ signal }: { readonly signal: AbortSignal }): Promise<readonly CheckLine[]> {
    return checkDevice(this.#client, this.#settings, signal);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #apply(
    {
      units,
      snapshot,
      signal,
    }: { readonly units: readonly PlanUnit[]; readonly snapshot: Snapshot; readonly signal: AbortSignal },
    report: (report: UnitReport) => void,
  ): Promise<void> {
    const channel = this.#client.channel(signal);
    await this.#findActive(channel);
    this.#version ??= await readVersion(channel, this.name);
    const context = this.#contextOf(snapshot, this.#version, units);
    const work = {
      settings: this.#settings,
      channel,
      snapshot,
      readSome: (refs: readonly Ref[]) => readObjects(channel, refs, context),
      strikes: 0,
      cleaner: () => this.#client.channel(AbortSignal.timeout(CLEANUP_MS), 0),
      report,
    };
    await applyUnits(work, units, context);
  }

  #contextOf(snapshot: Snapshot, version: readonly number[], units: readonly PlanUnit[]): DeviceContext {
    return { version, defaultRouteDomain: this.#domainOf(snapshot, units), partition: this.#settings.partition };
  }

  /** Of the partition as these units leave it: they may create it. */
  #domainOf(snapshot: Snapshot, units: readonly PlanUnit[] = []): number {
    const ref = refOf('partition', `/${this.#settings.partition}`);
    const written = units.flatMap(({ changes }) => changes).findLast((change) => change.ref === ref);
    const object = written === undefined || written.op === 'delete' ? snapshot.get(ref)?.object : written.after;
    return object?.kind === 'partition' ? (object.defaultRouteDomain ?? 0) : 0;
  }

  /** Of a pair, only the active unit is written to, and read from so that both see the same. */
  async #findActive(channel: Channel): Promise<void> {
    if (this.#client.addresses < 2) return;
    const found: string[] = [];
    for (let count = 0; count < this.#client.addresses; count += 1) {
      const state = await readFailoverState(channel);
      if (state === undefined || state === 'ACTIVE') return this.#client.confirmActive();
      found.push(`${state} at ${this.#client.address}`);
      this.#client.nextAddress(`it is ${state}`);
    }
    throw new TargetUnavailable(`${this.name}: none of its addresses is the active unit: found ${found.join(', ')}`);
  }

  /** Whatever goes wrong becomes {@link TargetUnavailable}, with the reports so far; an abort stays what it is. */
  async #available<T>(
    signal: AbortSignal,
    work: () => Promise<T>,
    reports: () => readonly UnitReport[] = () => [],
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      const message = error instanceof TargetUnavailable ? error.message : `${this.name}: ${error.message}`;
      throw new TargetUnavailable(message, { cause: error, reports: reports() });
    }
  }
}
