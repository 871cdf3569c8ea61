import { Backoff, pause } from '../../watching/backoff.ts';
import type { ApiClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import { eventBody, eventName, microTime } from './event.ts';
import type { ObjectEvent } from './event.ts';

/** How fast Events are written. */
export interface EventLimits {
  /** Events at once, before the rate counts. */
  readonly burst: number;
  /** Milliseconds per event after that. */
  readonly intervalMs: number;
  /** The same event is written again only after so many milliseconds; in between it is counted. */
  readonly repeatMs: number;
  /** Milliseconds until an event that could not be written is tried again; doubles each time. */
  readonly retryMs: number;
}

/** What the writer needs. */
export interface EventWriterOptions {
  readonly client: ApiClient;
  /** The reporting instance. */
  readonly instance: string;
  readonly limits?: Partial<EventLimits>;
  /** Called with what failed, for a diagnostic; and with `undefined` when it works. */
  readonly onResult: (error: ApiError | undefined) => void;
}

interface Known {
  readonly event: ObjectEvent;
  /** Seen since it was written last. */
  unwritten: number;
  /** How often it was seen, as far as the server knows; 0: not known yet. */
  count: number;
  writtenAt: number;
  /** How often in a row it could not be written. */
  failures: number;
}

const DEFAULTS: EventLimits = { burst: 50, intervalMs: 200, repeatMs: 300_000, retryMs: 500 };
const RETRY_CAP_MS = 30_000;
const RETRIES = 10;
// Events wait in a bounded queue and are remembered in a bounded table: losing one is better than growing.
const QUEUE_LIMIT = 1000;
const KNOWN_LIMIT = 4096;

/** Writes Events in the background: aggregated, rate-limited, never in the way. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  readonly #limits: EventLimits;
  readonly #known = new Map<string, Known>();
  readonly #queue = new Map<string, Known>();
  readonly #stop = new AbortController();
  readonly #backoff: Backoff;
  #running: Promise<void> | undefined;
  #tokens: number;
  #refilled = Date.now();

  constructor(options: EventWriterOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULTS, ...options.limits };
    this.#backoff = new Backoff(this.#limits.retryMs, RETRY_CAP_MS);
    this.#tokens = this.#limits.burst;
  }

  /** Takes an event; returns at once. */
  emit(event: ObjectEvent): void {
    const id = `${event.regarding.namespace}/${eventName(event)}`;
    const known = this.#known.get(id) ?? {
      event,
      unwritten: 0,
      count: 0,
      writtenAt: Number.NEGATIVE_INFINITY,
      failures: 0,
    };
    known.unwritten += 1;
    this.#remember(id, known);
    if (Date.now() - known.writtenAt < this.#limits.repeatMs || this.#queue.size >= QUEUE_LIMIT) return;
    this.#queue.set(id, known);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits until all is written, at most so long; then stops. */
  async close(ms: number): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), ms);
    await this.#running;
    clearTimeout(timer);
    this.#stop.abort();
  }

  #remember(id: string, known: Known): void {
    this.#known.delete(id);
    this.#known.set(id, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_LIMIT && oldest !== undefined) this.#known.delete(oldest);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let [next] = this.#queue; next !== undefined && !signal.aborted; [next] = this.#queue) {
      await this.#takeToken();
      const [id, known] = next;
      this.#queue.delete(id);
      known.writtenAt = Date.now();
      const seen = known.unwritten;
      known.unwritten = 0;
      try {
        known.count = await this.#write(known, seen);
        known.failures = 0;
        this.#backoff.reset();
        this.#options.onResult(undefined);
      } catch (error) {
        known.unwritten += seen;
        if (!signal.aborted && error instanceof ApiError) await this.#failed(id, known, error);
      }
    }
  }

  /** What may pass is tried again, after the others; the owner must not miss it because the API server was away. */
  async #failed(id: string, known: Known, error: ApiError): Promise<void> {
    // In a namespace that is going away nothing can be created, and nobody is left to read it.
    if (error.status === 403 && /being terminated/.test(error.message)) return;
    this.#options.onResult(error);
    known.failures += 1;
    if (!mayPass(error) || known.failures > RETRIES) return;
    this.#queue.set(id, known);
    await pause(Math.max(this.#backoff.next(), error.retryAfterMs ?? 0), this.#stop.signal);
  }

  async #takeToken(): Promise<void> {
    const { burst, intervalMs } = this.#limits;
    const now = Date.now();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#refilled) / intervalMs);
    this.#refilled = now;
    if (this.#tokens < 1) await pause((1 - this.#tokens) * intervalMs, this.#stop.signal);
    this.#tokens -= 1;
  }

  async #write(known: Known, seen: number): Promise<number> {
    const { event } = known;
    const path = `/apis/events.k8s.io/v1/namespaces/${event.regarding.namespace}/events`;
    const { signal } = this.#stop;
    if (known.count === 0) {
      const body = eventBody(event, { instance: this.#options.instance, time: new Date() });
      const created = await this.#unless(409, this.#options.client.json({ method: 'POST', path, body, signal }));
      if (created) return seen;
    }
    return this.#bump(`${path}/${eventName(event)}`, known, seen);
  }

  async #bump(path: string, known: Known, seen: number): Promise<number> {
    const { client } = this.#options;
    const { signal } = this.#stop;
    let count = known.count;
    if (count === 0) {
      const held = (await client.json({ path, signal })) as { series?: { count?: number } };
      count = held.series?.count ?? 1;
    }
    const series = { count: count + seen, lastObservedTime: microTime(new Date()) };
    const body = { series };
    const contentType = 'application/merge-patch+json';
    const patched = await this.#unless(404, client.json({ method: 'PATCH', path, body, contentType, signal }));
    // Events expire after an hour or so: then the next one is new.
    return patched ? series.count : 0;
  }

  async #unless(status: number, request: Promise<unknown>): Promise<boolean> {
    try {
      await request;
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === status) return false;
      throw error;
    }
  }
}

function mayPass({ failure, status }: ApiError): boolean {
  return failure === 'network' || status === 429 || status >= 500;
}
