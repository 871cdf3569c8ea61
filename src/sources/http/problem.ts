/** Why a document could not be read, for people. Holds no header, no body and no query. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  /** Not to be asked again before, milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs = 0) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
