import { Pool } from 'undici';
import type { Meter } from './meter.ts';
import type { Settings } from './options.ts';
import type { RawAnswer } from './words.ts';
import { Trouble } from './errors.ts';
import { connectOptions, explainTls } from './tls.ts';

/** One HTTP request to one address. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/mgmt` on, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Counted as a write. */
  readonly write?: boolean;
  readonly signal: AbortSignal;
}

/** Connections to one address, kept alive. */
export interface Transport {
  /** `https://host:port`. */
  readonly origin: string;
  /**
   * Sends once and reads the whole answer.
   * @throws {Trouble} no answer; the signal's reason when it is aborted.
   */
  exchange(call: HttpCall): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** Opens nothing yet: connections are made as they are needed, one per reader and one for the writer. */
export function createTransport(url: URL, settings: Settings, meter: Meter): Transport {
  const { connectMs, requestMs } = settings.timeouts;
  const pool = new Pool(url.origin, {
    connections: settings.readers + 1,
    allowH2: false,
    connect: connectOptions(settings.tls, connectMs),
    headersTimeout: requestMs,
    bodyTimeout: requestMs,
    maxResponseSize: settings.maxAnswerBytes,
  });
  return {
    origin: url.origin,
    exchange: (call) => meter.waiting(() => exchange(pool, call, { url, settings, meter })),
    close: () => pool.destroy(),
  };
}

interface Wire {
  readonly url: URL;
  readonly settings: Settings;
  readonly meter: Meter;
}

async function exchange(pool: Pool, call: HttpCall, wire: Wire): Promise<RawAnswer> {
  call.signal.throwIfAborted();
  const { requestMs } = wire.settings.timeouts;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Trouble('timeout', `no answer within ${requestMs} ms`)), requestMs);
  const stop = (): void => deadline.abort(call.signal.reason);
  call.signal.addEventListener('abort', stop, { once: true });
  wire.meter.sent(Buffer.byteLength(call.body ?? ''), { write: call.write === true });
  try {
    const answer = await pool.request({
      method: call.method,
      path: call.path,
      headers: call.headers,
      body: call.body ?? null,
      signal: deadline.signal,
    });
    const text = await answer.body.text();
    wire.meter.received(Buffer.byteLength(text));
    return { status: answer.statusCode, text };
  } catch (error) {
    call.signal.throwIfAborted();
    throw toTrouble(error, wire);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', stop);
  }
}

/** Errors before a connection stands: nothing was sent. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function toTrouble(error: unknown, { url, settings }: Wire): Trouble {
  if (error instanceof Trouble) return error;
  const tls = explainTls(error);
  if (tls !== undefined) return new Trouble('refused', tls, error);
  const { code, message } = codeOf(error);
  if (UNREACHABLE.has(code)) return new Trouble('unreachable', `cannot connect to ${url.host} (${message})`, error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new Trouble('oversized', `the answer is larger than ${settings.maxAnswerBytes} bytes`, error);
  }
  if (code.endsWith('_TIMEOUT')) {
    return new Trouble('timeout', `no answer within ${settings.timeouts.requestMs} ms`, error);
  }
  return new Trouble('cut', `the connection was cut (${message})`, error);
}

/** With several IP addresses behind a name, Node gives one error that holds the others. */
function codeOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { code, message: error.message || code };
}
