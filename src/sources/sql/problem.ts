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
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : adviceOn(message);
  const words = code === undefined || message.includes(code) ? message : `${message} (${code})`;
  return hint === undefined ? words : `${words}; ${hint}`;
}

/** What to do where the words alone do not tell. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(Server does not support secure connection|The server does not support SSL connections)/,
    'expected TLS: turn it on there, or off here by name (tls.disabled)',
  ],
  [
    /^(self-signed certificate|unable to (verify|get) )/,
    'expected a certificate of the authority that tls.caFile names',
  ],
  [/does not match certificate's altnames/, 'expected one for the host, or for the name that tls.serverName gives'],
];

function adviceOn(message: string): string | undefined {
  return ADVICE.find(([pattern]) => pattern.test(message))?.[1];
}
