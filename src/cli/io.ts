import type { Readable, Writable } from 'node:stream';
import process from 'node:process';
import { saveMemory } from './save-memory.ts';

/** Where text goes; `isTTY` says whether a person looks at it. */
export type Out = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** How wide a terminal is; undefined for files and pipes, where lines are not broken. */
export function terminalWidth({ isTTY, columns }: Out): number | undefined {
  return isTTY === true ? columns : undefined;
}

/** The world around a command, so that tests can stand in for it. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back on SIGINT and SIGTERM, until the answer is called. */
  readonly onSignal: (handler: (signal: string) => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Tells the process that it stays, and that memory is worth more than time; left out: it is not ours to tune. */
  readonly saveMemory?: () => void;
}

/** The process itself. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, env, onSignal: onProcessSignal, exit: (code) => process.exit(code), saveMemory };
}

function onProcessSignal(handler: (signal: string) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}
