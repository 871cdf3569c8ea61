import { JsonLineError, JsonLines } from '../../watching/json-lines.ts';
import type { Timing } from '../options.ts';
import type { ApiClient, ByteStream } from './client.ts';
import { ApiError, errorOfAnswer } from './errors.ts';
import { pathOf, selectorsOf } from './resources.ts';
import type { Scope } from './resources.ts';

/** One line of a watch. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: unknown;
  /** Where a watch resumes after this event. */
  readonly version: string;
}

/** What a watch needs. */
export interface WatchOptions {
  readonly version: string;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** The server accepted the watch. */
  readonly onOpen: () => void;
  /** Events that arrived together. */
  readonly onEvents: (events: readonly WatchEvent[]) => void;
}

/**
 * One watch connection, from a version on. Returns when it ended for an ordinary reason: the server's timeout, a cut
 * connection (half a line is dropped; the next watch brings it whole), silence, or an aborted signal. Throws
 * {@link ApiError} if it was refused or broke its protocol; 410 means that the version is too old.
 */
export async function watchOnce(client: ApiClient, scope: Scope, options: WatchOptions): Promise<void> {
  const query = {
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: options.version,
    timeoutSeconds: String(options.timing.watchSeconds),
    ...selectorsOf(scope),
  };
  const stream = await client.stream({ path: pathOf(scope), query, signal: options.signal });
  options.onOpen();
  const silence = setTimeout(() => {
    client.distrust();
    stream.destroy();
  }, options.timing.silenceMs);
  try {
    await readEvents(stream, () => silence.refresh(), options.onEvents);
  } catch (error) {
    if (!(error instanceof JsonLineError)) throw error;
    throw new ApiError(`the watch brought something else than events: ${error.message}`, { failure: 'protocol' });
  } finally {
    clearTimeout(silence);
    stream.destroy();
  }
}

async function readEvents(
  stream: ByteStream,
  onBytes: () => void,
  onEvents: (events: readonly WatchEvent[]) => void,
): Promise<void> {
  const lines = new JsonLines();
  for await (const chunk of asBytes(stream)) {
    onBytes();
    const events: WatchEvent[] = [];
    try {
      for (const value of lines.push(chunk)) events.push(readEvent(value));
    } finally {
      // What came before a bad line counts: the next watch starts after it.
      if (events.length > 0) onEvents(events);
    }
  }
}

// Only failures of the connection may end a watch quietly; those of the code that takes the events may not.
async function* asBytes(stream: ByteStream): AsyncGenerator<Uint8Array, void, void> {
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next().catch(() => ({ done: true, value: undefined }) as const);
    if (next.done === true) return;
    yield next.value;
  }
}

const TYPES = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

function readEvent(value: unknown): WatchEvent {
  const { type, object } = (value ?? {}) as { type?: unknown; object?: Record<string, unknown> };
  if (type === 'ERROR') throw errorOfAnswer(Number(object?.['code'] ?? 500), undefined, object);
  const metadata = object?.['metadata'] as Record<string, unknown> | undefined;
  const version = metadata?.['resourceVersion'];
  if (typeof type !== 'string' || !TYPES.has(type) || typeof version !== 'string') {
    throw new ApiError('the watch brought a line that is no event', { failure: 'protocol' });
  }
  return { type: type as WatchEvent['type'], object, version };
}
