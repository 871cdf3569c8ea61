import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import { originKey, parseOrigin } from '../../../ir/origin.ts';
import type { OriginKey } from '../../../ir/origin.ts';
import type { KnownAddresses, OriginOutcome } from '../../source.ts';
import type { ApiClient } from '../api/client.ts';
import { ApiError, isDenied } from '../api/errors.ts';
import { Backoff } from '../../watching/backoff.ts';
import type { Assembly } from '../assembly.ts';
import type { IngressRecord } from '../model-ingress.ts';
import type { OwnerKey, ServiceRecord } from '../model.ts';
import { ownerKey, partsOfOwner } from '../model.ts';
import { eventOf } from './event.ts';
import type { ObjectEvent } from './event.ts';
import { EventWriter } from './event-writer.ts';
import type { EventLimits } from './event-writer.ts';
import { Rivalry } from './rivalry.ts';
import { WriteProblems } from './write-problems.ts';
import { isSettled, writeStatus } from './status.ts';
import type { StatusWish } from './status.ts';

/** What the settler works with. */
export interface SettlerOptions {
  readonly client: ApiClient;
  readonly assembly: Assembly;
  readonly source: string;
  readonly instance: string;
  readonly writeStatus: boolean;
  readonly writeEvents: boolean;
  readonly limits?: Partial<EventLimits>;
  /** Milliseconds without writes after the API server refused one. */
  readonly deniedMs?: number;
  /** First and longest wait, milliseconds, until a status that could not be written is tried again. */
  readonly retryMs?: readonly [number, number];
}

const PARALLEL = 8;
// After a refusal of the API server, so long nothing more is asked of it; what was not written is kept for later.
const DENIED_MS = 30_000;
const RETRY_MS = [1000, 30_000] as const;
const FLUSH_MS = 3000;

/** What has a status that we write. */
type Told = ServiceRecord | IngressRecord;

/** Tells the owners of Services and Ingresses what became of them: status and Events. */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #events: EventWriter;
  readonly #problems: WriteProblems;
  readonly #stop = new AbortController();
  /** IPs that are ours by owner: the device had them for it, or we wrote them. Also: it was applied once. */
  readonly #own = new Map<OwnerKey, Set<string>>();
  readonly #refused = new Set<OwnerKey>();
  readonly #rivalry = new Rivalry();
  readonly #backoff: Backoff;
  /** Statuses that could not be written: the next settling tries them again, or a timer if there is none. */
  readonly #unwritten = new Map<OwnerKey, OriginOutcome>();
  #deniedUntil = 0;
  #retry: NodeJS.Timeout | undefined;
  /** Settlings run one after the other, so that an older outcome never overwrites a newer one. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#backoff = new Backoff(...(options.retryMs ?? RETRY_MS));
    this.#problems = new WriteProblems(options.source);
    this.#events = new EventWriter({
      client: options.client,
      instance: options.instance,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      onResult: (error) => this.#problems.note('events', error),
    });
  }

  /** What the device has for origins was applied, in an earlier life. */
  remember(known: KnownAddresses): void {
    for (const [origin, addresses] of known) {
      const owner = this.#ownerOf(origin);
      if (owner !== undefined) this.#own.set(owner, new Set(addresses.map(({ ip }) => ip)));
    }
  }

  /** Writes what became of origins. Never rejects; failures come back as diagnostics, each once. */
  async settle(outcomes: readonly OriginOutcome[]): Promise<readonly Diagnostic[]> {
    const turn = this.#turn.then(() => this.#settleAll(outcomes));
    this.#turn = turn.catch(() => undefined);
    await turn;
    return this.#problems.take();
  }

  async #settleAll(outcomes: readonly OriginOutcome[]): Promise<void> {
    const again = new Map(Date.now() < this.#deniedUntil ? [] : this.#unwritten);
    for (const { origin } of outcomes) again.delete(this.#ownerOf(origin) ?? '');
    const queue = [...again.values(), ...outcomes];
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.#settleOne(next);
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    clearTimeout(this.#retry);
    if (this.#unwritten.size === 0) this.#backoff.reset();
    if (this.#unwritten.size === 0 || this.#stop.signal.aborted) return;
    const wait = Math.max(this.#backoff.next(), this.#deniedUntil - Date.now());
    this.#retry = setTimeout(() => {
      this.#turn = this.#turn.then(() => this.#settleAll([])).catch(() => undefined);
    }, wait).unref();
  }

  /** Writes the Events that wait, for a short while; then stops. */
  async close(): Promise<void> {
    await this.#events.close(FLUSH_MS);
    this.#stop.abort();
    clearTimeout(this.#retry);
  }

  async #settleOne(outcome: OriginOutcome): Promise<void> {
    const key = this.#ownerOf(outcome.origin);
    if (key === undefined) return;
    const record = this.#recordOf(key);
    if (record === undefined || record.deleting === true) {
      if (outcome.state === 'gone' || record === undefined) this.#forget(key);
      return;
    }
    // An Ingress of which one path is refused is served all the same.
    const isServed = record.kind === 'Ingress' && outcome.partly === true;
    const wrote = await this.#settleStatus(key, record, isServed ? 'applied' : outcome.state);
    this.#tell(record, outcome, wrote);
    if (outcome.state === 'refused') this.#refused.add(key);
    else this.#refused.delete(key);
    if (outcome.state === 'gone') this.#own.delete(key);
  }

  async #settleStatus(key: OwnerKey, record: Told, state: OriginOutcome['state']): Promise<boolean> {
    if (!this.#options.writeStatus) return false;
    const wish = this.#wish(key, record, state);
    if (wish === undefined) return false;
    if (state === 'applied') this.#own.set(key, new Set(wish.wanted));
    this.#unwritten.delete(key);
    if (isSettled(wish, record.ingressIps)) return false;
    if (Date.now() < this.#deniedUntil) return this.#postpone(key, state);
    const text = wish.wanted.join();
    if (!this.#rivalry.mayWrite(key, text, Date.now())) return this.#giveWay(record, wish);
    try {
      const wrote = await writeStatus(this.#options.client, wish, this.#stop.signal);
      this.#problems.note(statusOf(key), undefined);
      if (wrote) this.#rivalry.wrote(key, text, Date.now());
      return wrote;
    } catch (error) {
      if (this.#stop.signal.aborted || !(error instanceof ApiError)) return false;
      this.#problems.note(statusOf(key), error);
      if (isDenied(error)) this.#deniedUntil = Date.now() + (this.#options.deniedMs ?? DENIED_MS);
      return this.#postpone(key, state);
    }
  }

  #postpone(key: OwnerKey, state: OriginOutcome['state']): false {
    const { kind, key: name } = partsOfOwner(key);
    const origin = originKey(this.#options.source, kind, name);
    this.#unwritten.set(key, { origin, state, diagnostics: [] });
    return false;
  }

  /** Somebody else wants the status to say something else. The Service is served; its owner must decide. */
  #giveWay(record: Told, { wanted }: StatusWish): false {
    const ours = wanted.length === 0 ? 'no address of the BIG-IP' : wanted.join(', ');
    const note = `another controller keeps changing status.loadBalancer, expected ${ours} to stay; it is left alone for now: give the ${record.kind} ${ONE_CLASS[record.kind]}`;
    this.#emit({ regarding: record, type: 'Warning', reason: 'StatusContested', note });
    return false;
  }

  #emit(event: ObjectEvent): void {
    if (this.#options.writeEvents && event.regarding.uid !== '') this.#events.emit(event);
  }

  /** Undefined: the status stays as it is. */
  #wish(key: OwnerKey, record: Told, state: OriginOutcome['state']): StatusWish | undefined {
    const applied = this.#own.get(key);
    const decision = this.#counts(key) ? this.#options.assembly.decision(key) : undefined;
    const ips = (decision?.addresses ?? []).map(({ ip }) => ip);
    const own = new Set([...(applied ?? []), ...(state === 'gone' ? [] : ips)]);
    if (state === 'gone') return { owner: key, wanted: [], own };
    // What was applied before it was refused stays in force, and so does its status.
    if (state === 'refused') return applied === undefined ? { owner: key, wanted: [], own } : undefined;
    const hasStatus = record.kind === 'Ingress' || record.type === 'LoadBalancer';
    if (!hasStatus || decision === undefined || decision.frozen === true) return undefined;
    return { owner: key, wanted: ips, own };
  }

  #tell(record: Told, outcome: OriginOutcome, wrote: boolean): void {
    for (const diagnostic of outcome.diagnostics) this.#emit(eventOf(record, diagnostic));
    const key = this.#ownerOf(outcome.origin) ?? '';
    const recovered = this.#refused.has(key);
    if (outcome.state !== 'applied' || !(wrote || recovered)) return;
    const ips = [...(this.#own.get(key) ?? [])];
    const where = ips.length === 0 ? '' : ` at ${ips.join(', ')}`;
    this.#emit({ regarding: record, type: 'Normal', reason: 'Applied', note: `the BIG-IP serves it${where}` });
  }

  #forget(key: OwnerKey): void {
    this.#unwritten.delete(key);
    this.#rivalry.forget(key);
    this.#own.delete(key);
    this.#refused.delete(key);
  }

  #recordOf(owner: OwnerKey): Told | undefined {
    const { services, ingresses } = this.#options.assembly.store;
    const { kind, key } = partsOfOwner(owner);
    return kind === 'Service' ? services.get(key) : ingresses.get(key);
  }

  #counts(owner: OwnerKey): boolean {
    const { assembly } = this.#options;
    const { kind, key } = partsOfOwner(owner);
    return (kind === 'Service' ? assembly.service(key) : assembly.ingress(key)) !== undefined;
  }

  /** Secrets are told of through the Ingresses that name them. */
  #ownerOf(origin: OriginKey): OwnerKey | undefined {
    const { source, kind, id } = parseOrigin(origin);
    return source === this.#options.source && kind !== 'Secret' ? ownerKey(kind, id) : undefined;
  }
}

const ONE_CLASS = { Service: 'one loadBalancerClass', Ingress: 'one ingressClassName' } as const;

function statusOf(owner: OwnerKey): 'status' | 'ingress-status' {
  return partsOfOwner(owner).kind === 'Ingress' ? 'ingress-status' : 'status';
}
