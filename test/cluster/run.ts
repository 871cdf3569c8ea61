import type { Source } from '../../src/sources/source.ts';
import { runController } from '../../src/sync/controller.ts';
import type { SyncEvent } from '../../src/sync/options.ts';
import type { Target } from '../../src/targets/target.ts';
import { PARTITION } from './follower.ts';

/** A continuous run of Fairlead: what `fairlead run` is made of. */
export interface Run {
  /** All that it has told, oldest first. */
  readonly events: readonly SyncEvent[];
  /** Resolves when all was compared once, and applied. */
  readonly started: Promise<void>;
  /** Ends the run in order, and lets go of the source. */
  stop(): Promise<void>;
}

/** Starts to keep this target as this source wants it. */
export function startRun(source: Source, target: Target): Run {
  const events: SyncEvent[] = [];
  const stop = new AbortController();
  const started = Promise.withResolvers<void>();
  const running = runController({
    instance: 'test',
    partition: PARTITION,
    sources: [source],
    target,
    threshold: { objects: 10, share: 0.3 },
    signal: stop.signal,
    idleMs: 200,
    onEvent: (event) => {
      events.push(event);
      if (event.type === 'cycle') started.resolve();
    },
  });
  running.catch(started.reject);
  return {
    events,
    started: started.promise,
    stop: async () => {
      stop.abort();
      await running;
      await source.close?.();
    },
  };
}
