import { redact } from '../report/redact.ts';

/** Something that the user can put right; the message says what and how. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Errors of these classes explain themselves; others are faults of ours. */
const EXPECTED: ReadonlySet<string> = new Set(['Failure', 'TargetUnavailable', 'SecretUnreadable', 'ApiError']);

/** An error in words, without a stack trace unless asked for, and without credentials. */
export function explainError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return redact(String(error));
  if (error.name === 'AbortError') return 'interrupted';
  const advice = isExpected(error) || debug ? '' : '\n  (a fault of Fairlead itself; --log-level debug shows where)';
  const stack = debug ? `\n${error.stack ?? ''}${causeStack(error)}` : '';
  return redact(`${error.message}${advice}${stack}`);
}

/** The same error with a name in front, so that it is clear whose it is. */
export function prefixError(prefix: string, error: unknown): Error {
  const message = `${prefix}: ${error instanceof Error ? error.message : String(error)}`;
  return isExpected(error) ? new Failure(message, { cause: error }) : new Error(message, { cause: error });
}

/** Errors that explain themselves: ours by name, and those of the system by their code. */
function isExpected(error: unknown): boolean {
  return error instanceof Error && (EXPECTED.has(error.name) || 'code' in error);
}

function causeStack({ cause }: Error): string {
  return cause instanceof Error ? `\ncaused by ${cause.stack ?? cause.message}` : '';
}
