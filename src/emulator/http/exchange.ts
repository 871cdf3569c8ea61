import type { Principal } from '../auth/users.ts';

/** A request once its body is read. */
export interface Request {
  readonly method: string;
  /** Path without query, as sent. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** The body as it came; for uploads. */
  readonly bytes?: Buffer;
  /** Address of the client. */
  readonly address: string;
}

/** A request whose sender is known. */
export interface AuthenticatedRequest extends Request {
  readonly principal: Principal;
}

/** A reply. An object is sent as JSON, text as HTML, nothing as an empty body. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Of text: instead of those that Apache sends. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The one value of a header. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
