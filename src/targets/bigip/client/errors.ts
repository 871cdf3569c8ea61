import type { Answer } from './io.ts';

/**
 * How a request came to no usable answer. `unreachable`: nothing was sent. `busy`: the device said that it cannot
 * now. `cut`: the connection ended early. `timeout`: no answer in time, ours or the device's own 60 s: the work may
 * still go on. `refused`: TLS, or the token of a good login, is refused; no wait helps. `oversized`: the answer is larger than allowed. `login`: the user is refused.
 */
export type TroubleKind = 'unreachable' | 'busy' | 'cut' | 'timeout' | 'refused' | 'oversized' | 'login';

/** No usable answer to one request. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly kind: TroubleKind;
  constructor(kind: TroubleKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }

  /** Whether waiting may help. */
  get passing(): boolean {
    return ['unreachable', 'busy', 'cut', 'timeout'].includes(this.kind);
  }
}

/** The device said no to a read, or to a command such as save. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;
  constructor(what: string, answer: Answer) {
    super(`${what}: the device answered ${answer.status}: ${answer.message}`);
    this.status = answer.status;
  }
}

/** No usable answer to a write: it may or may not be in force. Settled by reading, never by sending again. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  /** True: the device may still be at it, so that a read that shows nothing proves nothing yet. */
  readonly mayStillRun: boolean;
  constructor(message: string, options: { readonly mayStillRun: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.mayStillRun = options.mayStillRun;
  }
}
