import type { Json, RestRequest } from '../request.ts';

/** What the device said to one request, in whatever shape it came (icrd, restjavad, Jetty, Apache). */
export interface Answer {
  readonly status: number;
  /** The body, if it was a JSON object. */
  readonly body: Json | undefined;
  /** The device's own words, whole: `message` of a JSON body, else the title of an HTML page; '' for 2xx. */
  readonly message: string;
}

/** Query parameters of a read, not encoded: `{ $filter: 'partition eq web', expandSubcollections: 'true' }`. */
export type Query = Readonly<Record<string, string>>;

/**
 * What the reading and writing halves of the target see of the device: requests and answers, bound to one abort
 * signal. Login, retries of reads and waiting for a restarting device happen below it.
 */
export interface Io {
  /**
   * Reads one path (from `/mgmt` on, names encoded). Calls may run at the same time: no more than the configured
   * number of readers are in flight.
   * @returns the body; undefined if the device says that the object is not there (404, settled: not one of the
   *   false ones during an mcpd restart).
   * @throws {RestError} any other refusal; `TargetUnavailable` if the device stays away.
   */
  get(path: string, options?: { readonly query?: Query }): Promise<Json | undefined>;
  /**
   * Sends one change, exactly once but for refusals that prove that nothing was done (401, not registered, 503
   * before anything was sent on).
   * @param transaction the id of the transaction to queue it in; left out: it takes effect at once.
   * @returns the answer, refusals among them.
   * @throws {UnknownOutcome} no usable answer came: it may or may not be in force.
   */
  send(request: RestRequest, transaction?: string): Promise<Answer>;
}

/** Any call but a read. */
export interface Command {
  readonly method: RestRequest['method'];
  readonly path: string;
  readonly body?: Json;
  /** Instead of `body`: the bytes of a file. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Counted as a write. */
  readonly write?: boolean;
}

/** {@link Io} with what only the writing half needs: transactions, save, waits. */
export interface Channel extends Io {
  readonly signal: AbortSignal;
  /** As `send`, for calls that change no object: transactions, save. */
  command(command: Command): Promise<Answer>;
  /** Waits, counted as waiting for the device. */
  pause(ms: number): Promise<void>;
}
