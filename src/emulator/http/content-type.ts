import { icrdError } from '../errors/device-error.ts';
import { header, type Request } from './exchange.ts';

const withBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Refuses a body that is not announced as JSON, with 415 as icrd does. Apache announces a body without a type as
 * `application/octet-stream` (recorded in a thread of BIGREST).
 */
export function requireJson(request: Request): void {
  const type = header(request, 'content-type') ?? 'application/octet-stream';
  if (withBody.has(request.method) && request.body !== '' && !/^application\/json\s*(?:;|$)/iv.test(type)) {
    throw icrdError(
      415,
      `Found invalid content-type. The content-type must be application/json. The received content-type is ${type}`,
    );
  }
}
