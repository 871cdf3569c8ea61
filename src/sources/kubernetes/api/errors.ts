/** What went wrong in talking to an API server. */
export type ApiFailure = 'http' | 'network' | 'credentials' | 'protocol';

/** A failed request. The message holds no credential and no body beyond the server's own `Status.message`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly failure: ApiFailure;
  /** HTTP status; 0 if there was none. */
  readonly status: number;
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, how: { failure: ApiFailure; status?: number; retryAfterMs?: number | undefined }) {
    super(message);
    this.failure = how.failure;
    this.status = how.status ?? 0;
    this.retryAfterMs = how.retryAfterMs;
  }
}

/** True for refusals that last until a person changes something: 401, 403, 404, and credentials that cannot be had. */
export function isDenied(error: unknown): boolean {
  return error instanceof ApiError && (error.failure === 'credentials' || [401, 403, 404].includes(error.status));
}

/** True if the server no longer has what was asked for: a resource version or a continue token that expired. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

/** Builds the error of an answer from its status, `Retry-After` and the `Status` object in its body. */
export function errorOfAnswer(status: number, retryAfter: string | undefined, body: unknown): ApiError {
  const { message, details } = (typeof body === 'object' && body !== null ? body : {}) as {
    message?: unknown;
    details?: { retryAfterSeconds?: unknown };
  };
  const said = typeof message === 'string' && message !== '' ? `: ${message.slice(0, 500)}` : '';
  const seconds = Number(retryAfter ?? details?.retryAfterSeconds);
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  return new ApiError(`the API server answered ${status}${said}`, { failure: 'http', status, retryAfterMs });
}

/** Removes secrets from a text that others wrote. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '[secret]');
  return clean;
}
