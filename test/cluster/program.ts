import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One line that `cluster up` says. */
interface Answer {
  readonly state: 'ready' | 'done' | 'failed';
  readonly kubeconfig?: string;
  readonly error?: string;
}

/** A running `cluster up --control`. */
export interface Program {
  /** The next answer. Rejects with what the program wrote to standard error, if it ends instead. */
  answer(): Promise<Answer>;
  /** Gives a command and waits for its answer. */
  command(line: string): Promise<Answer>;
  /** Ends the program, and comes back when it and its children are gone. */
  end(): Promise<void>;
}

interface Waiter {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the program. Its standard input is its leash: when this process ends, so does the program. */
export function startProgram(binary: string, args: readonly string[]): Program {
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiters: Waiter[] = [];
  const answers: Answer[] = [];
  let complaints = '';
  let gone: Error | undefined;
  child.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    const waiter = waiters.shift();
    if (waiter === undefined) answers.push(answer);
    else waiter.resolve(answer);
  });
  const leave = (error: Error): void => {
    gone = error;
    for (const waiter of waiters.splice(0)) waiter.reject(error);
  };
  // A program that is gone cannot be written to; that it is gone is told by `close`.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    child.on('error', leave);
    child.on('close', (code) => {
      leave(new Error(`${binary} ended with ${code}: ${complaints.trim()}`));
      resolve();
    });
  });

  const answer = (): Promise<Answer> => {
    const ready = answers.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (gone !== undefined) return Promise.reject(gone);
    return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
  };
  return {
    answer,
    command: (line) => {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
