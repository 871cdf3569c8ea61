import type { Member } from './pool.ts';
import type { PlaneClock, Scheduled } from './scheduler.ts';

/** How a queue is bounded: `queueDepthLimit`, and `queueTimeLimit` in milliseconds; 0: no bound. */
export interface QueueLimits {
  readonly depth: number;
  readonly timeMs: number;
}

/** A pool's connection queue as its statistics show it; times in milliseconds. */
export interface QueueCounters {
  readonly depth: number;
  /** Age of the oldest entry. */
  readonly ageHead: number;
  readonly ageMax: number;
  /** Moving average and maximum that fade: each entry that leaves counts for an eighth (K). */
  readonly ageEma: number;
  readonly ageEdm: number;
  readonly serviced: number;
}

/** An empty queue. */
export const EMPTY_QUEUE: QueueCounters = { depth: 0, ageHead: 0, ageMax: 0, ageEma: 0, ageEdm: 0, serviced: 0 };

interface Waiting {
  readonly since: number;
  readonly choose: () => Member | undefined;
  readonly leave: (member: Member | undefined) => void;
}

const FADING = 1 / 8;

/** Connections that wait until a member is below its connection limit, first come, first served. */
export class PoolQueue {
  readonly #clock: PlaneClock;
  readonly #waiting = new Set<Waiting>();
  #isLooking = false;
  #ageMax = 0;
  #ageEma = 0;
  #ageEdm = 0;
  #serviced = 0;

  constructor(clock: PlaneClock) {
    this.#clock = clock;
  }

  /**
   * Waits for a member that `choose` finds. Undefined when the queue is full already, when it takes too long, or when
   * `whenGone` (called with what ends the wait) says that the client has left.
   */
  async wait(
    choose: () => Member | undefined,
    limits: QueueLimits,
    whenGone: (end: () => void) => void,
  ): Promise<Member | undefined> {
    if (limits.depth > 0 && this.#waiting.size >= limits.depth) return undefined;
    return await new Promise((resolve) => {
      let tooLate: Scheduled | undefined;
      const leave = (member: Member | undefined): void => {
        if (!this.#waiting.delete(entry)) return;
        tooLate?.cancel();
        this.#note(member, this.#clock.now() - entry.since);
        resolve(member);
      };
      const entry: Waiting = { since: this.#clock.now(), choose, leave };
      this.#waiting.add(entry);
      const end = (): void => leave(undefined);
      this.#lookLater();
      if (limits.timeMs > 0) tooLate = this.#clock.after((limits.timeMs * this.#clock.msPerSecond) / 1000, end);
      whenGone(end);
    });
  }

  /** A member may have room: the one that waited longest has its turn. */
  pump(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const member = first.choose();
    if (member === undefined) {
      this.#lookLater();
      return;
    }
    first.leave(member);
    // The next one has its turn when this one has taken its place.
    setImmediate(() => this.pump());
  }

  counters(): QueueCounters {
    const [first] = this.#waiting;
    const shown = (ms: number): number => Math.round((ms * 1000) / this.#clock.msPerSecond);
    return {
      depth: this.#waiting.size,
      ageHead: first === undefined ? 0 : shown(this.#clock.now() - first.since),
      ageMax: shown(this.#ageMax),
      ageEma: shown(this.#ageEma),
      ageEdm: shown(this.#ageEdm),
      serviced: this.#serviced,
    };
  }

  /** Nobody tells when a rate limit lets a member take more, or when another pool leaves room at a node. */
  #lookLater(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.after(this.#clock.msPerSecond, () => {
      this.#isLooking = false;
      this.pump();
    });
  }

  #note(member: Member | undefined, age: number): void {
    if (member !== undefined) this.#serviced += 1;
    this.#ageMax = Math.max(this.#ageMax, age);
    this.#ageEma += (age - this.#ageEma) * FADING;
    this.#ageEdm = Math.max(age, this.#ageEdm * (1 - FADING));
  }
}
