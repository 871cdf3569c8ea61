import type { Clock } from '../session/device.ts';
import type { Fault } from './fault.ts';

interface Active {
  readonly id: number;
  readonly fault: Fault;
  readonly pattern: RegExp | undefined;
  readonly set: number;
  left: number;
}

/** A fault with the id by which it is removed and how many requests it still holds for. */
export interface ListedFault {
  readonly id: number;
  readonly fault: Fault;
  /** Undefined: no bound. */
  readonly left?: number;
}

/** The faults now on. */
export class Faults {
  readonly #clock: Clock;
  readonly #expireTokens: () => void;
  #active: Active[] = [];
  #lastId = 0;

  constructor(clock: Clock, expireTokens: () => void) {
    this.#clock = clock;
    this.#expireTokens = expireTokens;
  }

  /** Sets a fault; gives the id to remove it by. Throws on a `path` that is no regular expression. */
  add(fault: Fault): number {
    this.#lastId += 1;
    const pattern = fault.path === undefined ? undefined : new RegExp(fault.path, 'v');
    this.#active.push({
      id: this.#lastId,
      fault,
      pattern,
      set: this.#clock.now(),
      left: fault.count ?? Number.POSITIVE_INFINITY,
    });
    return this.#lastId;
  }

  remove(id: number): boolean {
    const { length } = this.#active;
    this.#active = this.#active.filter((each) => each.id !== id);
    return this.#active.length < length;
  }

  clear(): void {
    this.#active = [];
  }

  /** Ends all tokens, as a restart of the daemons does. */
  expireTokens(): void {
    this.#expireTokens();
  }

  list(): readonly ListedFault[] {
    this.#sweep();
    return this.#active.map(({ id, fault, left }) => ({ id, fault, ...(Number.isFinite(left) ? { left } : {}) }));
  }

  /** The first fault of a type for a request, used up by one; undefined when there is none. */
  take<T extends Fault['type']>(type: T, method: string, uri: () => string): Extract<Fault, { type: T }> | undefined {
    if (this.#active.length === 0) {
      return undefined;
    }
    this.#sweep();
    for (const active of this.#active) {
      const { fault, pattern } = active;
      const sameMethod = fault.method === undefined || fault.method.toUpperCase() === method;
      if (fault.type === type && sameMethod && (pattern === undefined || pattern.test(uri()))) {
        active.left -= 1;
        this.#sweep();
        return fault as Extract<Fault, { type: T }>;
      }
    }
    return undefined;
  }

  #sweep(): void {
    const now = this.#clock.now();
    this.#active = this.#active.filter(
      ({ fault, set, left }) => left > 0 && (fault.durationMs === undefined || now - set < fault.durationMs),
    );
  }
}
