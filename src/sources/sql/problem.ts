/** Why a database gives nothing. The message is for people: it begins with what was tried. */
export class SqlProblem extends Error {
  override readonly name = 'SqlProblem';
}

/** The words of a server, a library or the system, with its code: `Access denied for user … (ER_ACCESS_DENIED_ERROR)`. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses of one name were tried.
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map((each: unknown) => wordsOf(each)).join('; ');
  }
  const message = error.message.split('\n')[0] ?? '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const hint = 'hint' in error && typeof error.hint === 'string' ? `; ${error.hint}` : '';
  return (code === undefined || message.includes(code) ? message : `${message} (${code})`) + hint;
}
