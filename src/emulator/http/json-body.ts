import { grammarError } from '../errors/device-error.ts';
import { restjavadError } from '../errors/restjavad.ts';

/** Levels that a body may nest: far more than any object of the device has, far fewer than the stack holds. */
const maxDepth = 64;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

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
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isDeeper(value, maxDepth)) {
    throw restjavadError(400, 'Found invalid JSON body in the request.', { errorStack: [] });
  }
  if ('__proto__' in value && Object.hasOwn(value, '__proto__')) {
    throw grammarError('"__proto__" unknown property');
  }
  return value as Record<string, unknown>;
}
