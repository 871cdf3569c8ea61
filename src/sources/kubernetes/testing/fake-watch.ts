import type { ServerResponse } from 'node:http';

import { matches } from './fake-objects.ts';
import type { FakeCollection, FakeEvent, FakeObject } from './fake-objects.ts';

/** How watches misbehave. */
export interface WatchFaults {
  /** Bytes per chunk; 0: whole lines. */
  chunkBytes: number;
  /** The next watches are cut after so many bytes each, one number per watch. */
  readonly cutAfter: number[];
  /** Nothing is sent any more, the connection stays open. */
  silent: boolean;
  /** An old version is answered with an ERROR event instead of HTTP 410. */
  goneAsEvent: boolean;
}

/** One open watch. */
export class FakeWatch {
  readonly #response: ServerResponse;
  readonly #faults: WatchFaults;
  readonly #filter: { readonly namespace?: string; readonly labels: string };
  readonly #stop: () => void;
  #budget: number;

  constructor(options: {
    readonly response: ServerResponse;
    readonly collection: FakeCollection;
    readonly filter: { readonly namespace?: string; readonly labels: string };
    readonly faults: WatchFaults;
    readonly seconds: number;
    readonly onClose: (watch: FakeWatch) => void;
  }) {
    const { response, collection } = options;
    this.#response = response;
    this.#faults = options.faults;
    this.#filter = options.filter;
    this.#budget = options.faults.cutAfter.shift() ?? Number.POSITIVE_INFINITY;
    const listener = (event: FakeEvent) => this.send(event);
    collection.listeners.add(listener);
    const timer = setTimeout(() => response.end(), options.seconds * 1000);
    this.#stop = () => {
      clearTimeout(timer);
      collection.listeners.delete(listener);
      options.onClose(this);
    };
    response.on('close', this.#stop);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
  }

  /** Sends an event as the filter sees it: an object that no longer matches is deleted. */
  send({ type, object, before }: FakeEvent): void {
    const is = type !== 'DELETED' && matches(object, this.#filter);
    const was = before !== undefined && matches(before, this.#filter);
    if (is) this.line({ type: was ? 'MODIFIED' : 'ADDED', object });
    else if (was) this.line({ type: 'DELETED', object });
  }

  /** A bookmark at a version. */
  bookmark(kind: string, version: number): void {
    this.line({ type: 'BOOKMARK', object: { kind, metadata: { resourceVersion: String(version) } } });
  }

  /** Sends a line, or as much of it as the faults let through. */
  line(value: { readonly type: string; readonly object: FakeObject | object }): void {
    if (this.#faults.silent || this.#response.destroyed) return;
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    const allowed = bytes.subarray(0, this.#budget);
    this.#budget -= allowed.length;
    const step = this.#faults.chunkBytes > 0 ? this.#faults.chunkBytes : allowed.length;
    for (let at = 0; at < allowed.length; at += step) this.#response.write(allowed.subarray(at, at + step));
    if (allowed.length < bytes.length) this.#response.socket?.end();
  }

  /** Ends as a server does whose time is over. */
  end(): void {
    this.#response.end();
  }

  /** Cuts the connection. */
  cut(): void {
    this.#response.destroy();
  }
}
