import type { Clock } from '../session/device.ts';
import { diceFrom, type Dice } from './dice.ts';
import type { Fault } from './fault.ts';

/** A fault that is set. */
export interface Active<F extends Fault = Fault> {
  readonly id: number;
  readonly fault: F;
  readonly pattern: RegExp | undefined;
  /** When it begins; milliseconds by the emulator's clock. */
  readonly begins: number;
  /** For its probability and its times. */
  readonly dice: Dice;
  left: number;
  used: number;
}

/** A fault with the id by which it is removed, how often it was used and how many requests it still holds for. */
export interface ListedFault {
  readonly id: number;
  readonly fault: Fault;
  readonly used: number;
  /** Undefined: no bound. */
  readonly left?: number;
}

/** A request as faults see it. */
export interface Asked {
  readonly method: string;
  readonly uri: () => string;
  /** Whether a fault is for what the request is about. */
  readonly suits?: (fault: Fault) => boolean;
}

/** Milliseconds that a restart takes when the fault does not say (fact sheet 11.1: 30 to 90 s; of mcpd K). */
const restartMs = { all: 60_000, restjavad: 45_000, mcpd: 30_000 };

function lengthOf(fault: Fault): number | undefined {
  return fault.durationMs ?? (fault.type === 'restart' ? restartMs[fault.daemon ?? 'all'] : undefined);
}

/** The faults now on. */
export class Faults {
  readonly #clock: Clock;
  readonly #expireTokens: () => void;
  #active: Active[] = [];
  #lastId = 0;
  #onChange: () => void = () => undefined;

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
      begins: this.#clock.now() + (fault.afterMs ?? 0),
      dice: diceFrom(fault.seed ?? 1),
      left: fault.count ?? Number.POSITIVE_INFINITY,
      used: 0,
    });
    this.#onChange();
    return this.#lastId;
  }

  remove(id: number): boolean {
    const { length } = this.#active;
    this.#active = this.#active.filter((each) => each.id !== id);
    this.#onChange();
    return this.#active.length < length;
  }

  clear(): void {
    this.#active = [];
    this.#onChange();
  }

  /** Calls back whenever faults are set or removed. One listener only. */
  onChange(callback: () => void): void {
    this.#onChange = callback;
  }

  /** Whether a fault of a type is on by the clock, and in how many milliseconds to look again; undefined: never. */
  standing(type: Fault['type']): { readonly isOn: boolean; readonly againMs: number | undefined } {
    this.#sweep();
    const now = this.#clock.now();
    const those = this.#active.filter(({ fault }) => fault.type === type);
    const isOn = those.some(({ begins }) => begins <= now);
    const moments = those.flatMap(({ fault, begins }) => [begins, begins + (lengthOf(fault) ?? Number.NaN)]);
    const ahead = moments.map((moment) => moment - now).filter((ms) => ms > 0);
    return { isOn, againMs: ahead.length === 0 ? undefined : Math.min(...ahead) };
  }

  /** Ends all tokens, as a restart of the daemons does. */
  expireTokens(): void {
    this.#expireTokens();
  }

  /** Whether none is set, so that requests need not look. */
  get isEmpty(): boolean {
    return this.#active.length === 0;
  }

  list(): readonly ListedFault[] {
    this.#sweep();
    return this.#active.map(({ id, fault, used, left }) => {
      const bound = Number.isFinite(left) ? { left } : {};
      return { id, fault, used, ...bound };
    });
  }

  /** The first fault of a type for a request, used up by one; undefined when there is none. */
  take<T extends Fault['type']>(type: T, method: string, uri: () => string): Extract<Fault, { type: T }> | undefined {
    return this.hit(type, { method, uri })?.fault;
  }

  /** As {@link Faults.take}, with how it stands. */
  hit<T extends Fault['type']>(type: T, asked: Asked): Active<Extract<Fault, { type: T }>> | undefined {
    if (this.#active.length === 0) {
      return undefined;
    }
    this.#sweep();
    const now = this.#clock.now();
    const found = this.#active.find(
      (active) => active.fault.type === type && active.begins <= now && hits(active, asked),
    );
    if (found !== undefined) {
      found.left -= 1;
      found.used += 1;
      this.#sweep();
    }
    return found as Active<Extract<Fault, { type: T }>> | undefined;
  }

  /** How far a fault with a length has come, from 0 to 1. */
  progress({ fault, begins }: Active): number {
    const length = lengthOf(fault) ?? 0;
    return length === 0 ? 1 : (this.#clock.now() - begins) / length;
  }

  #sweep(): void {
    const now = this.#clock.now();
    this.#active = this.#active.filter(({ fault, begins, left }) => {
      const length = lengthOf(fault);
      return left > 0 && (length === undefined || now - begins < length);
    });
  }
}

function hits({ fault, pattern, dice }: Active, { method, uri, suits }: Asked): boolean {
  const isMeant =
    (fault.method === undefined || fault.method.toUpperCase() === method) &&
    (pattern === undefined || pattern.test(uri())) &&
    suits?.(fault) !== false;
  return isMeant && (fault.probability === undefined || dice() < fault.probability);
}
