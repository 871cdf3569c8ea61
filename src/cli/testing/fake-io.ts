import { PassThrough, Writable } from 'node:stream';
import type { Io, Out } from '../io.ts';

/** A terminal, or pipes, that a test holds both ends of. */
export interface FakeIo extends Io {
  readonly stdin: PassThrough & { isTTY?: boolean };
  readonly out: () => string;
  readonly err: () => string;
  /** Sends SIGTERM. */
  readonly signal: () => void;
  /** Exit codes that the command ended the process with. */
  readonly exits: readonly number[];
  /** Resolves when standard error holds this text. */
  readonly untilErr: (text: string) => Promise<void>;
  readonly untilOut: (text: string) => Promise<void>;
}

/** Standard streams for one run of the command line. */
export function fakeIo({
  terminal = false,
  env = {},
}: { terminal?: boolean; env?: Record<string, string> } = {}): FakeIo {
  const stdin: FakeIo['stdin'] = Object.assign(new PassThrough(), terminal ? { isTTY: true } : {});
  const stdout = new Capture(terminal);
  const stderr = new Capture(terminal);
  const handlers = new Set<(signal: string) => void>();
  const exits: number[] = [];
  return {
    stdin,
    stdout,
    stderr,
    env,
    exits,
    out: () => stdout.text,
    err: () => stderr.text,
    untilErr: (text) => stderr.until(text),
    untilOut: (text) => stdout.until(text),
    signal: () => {
      for (const handler of handlers) handler('SIGTERM');
    },
    exit: (code) => {
      exits.push(code);
    },
    onSignal: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  };
}

class Capture extends Writable implements Out {
  readonly isTTY: boolean;
  readonly #waiting = new Set<{ readonly text: string; readonly done: () => void }>();
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    for (const waiter of this.#waiting) if (this.text.includes(waiter.text)) waiter.done();
    done();
  }

  until(text: string): Promise<void> {
    if (this.text.includes(text)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.add({ text, done: resolve });
    });
  }
}
