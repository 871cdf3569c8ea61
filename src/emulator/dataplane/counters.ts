import type { TrafficCounters } from './model.ts';

/** Counts the traffic of one virtual server, pool or member. In = towards the servers, out = towards the clients. */
export class Counters {
  #bitsIn = 0;
  #bitsOut = 0;
  #pktsIn = 0;
  #pktsOut = 0;
  #current = 0;
  #max = 0;
  #total = 0;
  #requests = 0;

  /** Connections now. */
  get current(): number {
    return this.#current;
  }

  /** A chunk of `bytes` towards the servers; chunks stand for packets, which a socket does not show. */
  countIn(bytes: number): void {
    this.#bitsIn += bytes * 8;
    this.#pktsIn += 1;
  }

  /** A chunk of `bytes` towards the clients. */
  countOut(bytes: number): void {
    this.#bitsOut += bytes * 8;
    this.#pktsOut += 1;
  }

  open(): void {
    this.#current += 1;
    this.#total += 1;
    this.#max = Math.max(this.#max, this.#current);
  }

  close(): void {
    this.#current -= 1;
  }

  countRequest(): void {
    this.#requests += 1;
  }

  snapshot(): TrafficCounters {
    return {
      bitsIn: this.#bitsIn,
      bitsOut: this.#bitsOut,
      pktsIn: this.#pktsIn,
      pktsOut: this.#pktsOut,
      curConns: this.#current,
      maxConns: this.#max,
      totConns: this.#total,
      totRequests: this.#requests,
    };
  }
}
