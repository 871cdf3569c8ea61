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

/** A reply. An object is sent as JSON, text as HTML, a buffer as it is, nothing as an empty body. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Of text and buffers: instead of the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The one value of a header. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
