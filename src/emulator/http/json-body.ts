import { grammarError } from '../errors/device-error.ts';
import { restjavadError } from '../errors/restjavad.ts';

/** Reads a JSON object; anything else is answered as restjavad does (text K). An empty body is an empty object. */
export function jsonObject(text: string): Record<string, unknown> {
  if (text.trim() === '') {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw restjavadError(400, 'Found invalid JSON body in the request.', { errorStack: [] });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw restjavadError(400, 'Found invalid JSON body in the request.', { errorStack: [] });
  }
  if ('__proto__' in value && Object.hasOwn(value, '__proto__')) {
    throw grammarError('"__proto__" unknown property');
  }
  return value as Record<string, unknown>;
}
