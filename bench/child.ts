import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';

/** How long a process may take to end after it was asked to, before it is ended. */
const END_MS = 10_000;

/** What to start. */
export interface ChildOptions {
  /** The program, beside this file. */
  readonly program: string;
  readonly args: readonly string[];
  /** Arguments for Node itself. */
  readonly nodeArgs?: readonly string[];
  /** For messages: `the emulator`. */
  readonly title: string;
  /** Ends the process at once. */
  readonly signal: AbortSignal;
}

/** A process of the bench that sends messages `In` and takes messages `Out`. Ends with the bench, whatever happens. */
export class Child<In extends { readonly type: string }, Out extends { readonly type: string }> {
  readonly #title: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Set<(message: In) => void>();
  readonly #failures = new Set<(error: Error) => void>();
  #failure: Error | undefined;
  #stopping = false;

  constructor({ program, args, nodeArgs = [], title, signal }: ChildOptions) {
    this.#title = title;
    const file = path.join(import.meta.dirname, program);
    this.#process = fork(file, args, { execArgv: [...nodeArgs], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const kill = (): void => void this.#process.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    process.once('exit', kill);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    this.#process.on('message', (message) => this.#receive(message as In));
    this.#process.on('exit', (code, killedBy) => {
      signal.removeEventListener('abort', kill);
      process.removeListener('exit', kill);
      if (!this.#stopping) this.#fail(new Error(`${title} ended (${killedBy ?? `exit code ${code}`})`));
      resolve();
    });
    if (signal.aborted) kill();
  }

  send(message: Out): void {
    this.#process.send(message);
  }

  /**
   * The next message that fits. Rejects if the process fails or ends first, or after `withinMs`. Messages that came in
   * before the call are not looked at: ask first, then do what leads to the message.
   */
  async next<Found extends In>(
    fits: (message: In) => message is Found,
    { what, withinMs }: { readonly what: string; readonly withinMs: number },
  ): Promise<Found> {
    if (this.#failure !== undefined) throw this.#failure;
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const look = (message: In): void => {
      if (fits(message)) resolve(message);
    };
    const timer = setTimeout(() => reject(new Error(`${this.#title}: no ${what} within ${withinMs} ms`)), withinMs);
    this.#waiting.add(look);
    this.#failures.add(reject);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
      this.#failures.delete(reject);
    }
  }

  /** Asks the process to end, waits for it, and ends it if it does not. */
  async stop(message: Out): Promise<void> {
    this.#stopping = true;
    if (this.#process.connected) this.#process.send(message, () => undefined);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), END_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #receive(message: In): void {
    if (message.type === 'failed') {
      const words = 'message' in message ? String(message.message) : 'without a word';
      this.#fail(new Error(`${this.#title} failed: ${words}`));
    }
    for (const look of this.#waiting) look(message);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const reject of this.#failures) reject(this.#failure);
  }
}
