import { execFile } from 'node:child_process';

/** A command of iproute2: never a shell, each argument is one. */
export interface Command {
  readonly program: 'ip' | 'bridge';
  readonly args: readonly string[];
}

/** Carries out a command; gives what went wrong in the words of the program, undefined when nothing did. */
export type Run = (command: Command) => Promise<string | undefined>;

/** Milliseconds after which a command counts as failed. */
const timeout = 10_000;

/** Runs a command on this machine. Never rejects. */
export const runCommand: Run = ({ program, args }) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout }, (error, _stdout, stderr) => {
      if (error === null) {
        resolve(undefined);
        return;
      }
      const missing = error.code === 'ENOENT' ? `${program} is not installed (iproute2)` : undefined;
      const said =
        stderr
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/^Error: /v, '') ?? '';
      resolve(missing ?? (said === '' ? error.message : said));
    });
  });

/** Carries out a command that only reads; gives what it printed, and nothing when it failed. */
export type Read = (command: Command) => Promise<string>;

/** Reads by a command on this machine. Never rejects. */
export const readCommand: Read = ({ program, args }) =>
  new Promise((resolve) => {
    execFile(program, args, { timeout }, (error, stdout) => resolve(error === null ? stdout.trim() : ''));
  });

/** `ip …`. */
export function ip(...args: readonly string[]): Command {
  return { program: 'ip', args };
}

/** `bridge …`. */
export function bridge(...args: readonly string[]): Command {
  return { program: 'bridge', args };
}
