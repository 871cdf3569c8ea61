import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** What an agent can do. */
export type Ask =
  | {
      readonly op: 'request';
      readonly method: string;
      readonly url: string;
      readonly body?: string;
      /** `name:password`. */
      readonly user?: string;
      readonly caFile?: string;
    }
  | { readonly op: 'serve'; readonly address: string; readonly port: number; readonly text: string }
  | { readonly op: 'resolve'; readonly server: string; readonly name: string };

/** What came of it. */
export type Answer = { readonly status: number; readonly text: string } | { readonly problem: string };

/** A process in a network namespace that asks, serves and resolves for the test, one thing at a time. */
export class Agent {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  #work: Promise<unknown> = Promise.resolve();

  constructor(namespace: string) {
    const program = path.join(import.meta.dirname, 'agent-process.ts');
    this.#process = spawn('ip', ['netns', 'exec', namespace, process.execPath, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('no stdout');
    this.#lines = createInterface({ input: this.#process.stdout });
  }

  ask(ask: Ask): Promise<Answer> {
    const answer = this.#work.then(async () => {
      const line = once(this.#lines, 'line');
      this.#process.stdin?.write(`${JSON.stringify(ask)}\n`);
      const [text] = (await line) as [string];
      return JSON.parse(text) as Answer;
    });
    this.#work = answer.catch(() => undefined);
    return answer;
  }

  /** The body of a page, or why there is none. */
  async page(url: string): Promise<string> {
    const answer = await this.ask({ op: 'request', method: 'GET', url });
    return 'problem' in answer ? `problem: ${answer.problem}` : answer.text;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.stdin?.end();
    this.#process.kill('SIGKILL');
    await exit;
  }
}
