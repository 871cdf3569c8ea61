import { restjavadError } from '../errors/restjavad.ts';
import { faultTypes, type Fault } from './fault.ts';

function bad(field: string, found: unknown, expected: string): Error {
  return restjavadError(400, `fault: ${field}: found ${JSON.stringify(found)}, expected ${expected}`);
}

const numbers = ['count', 'durationMs', 'ms', 'answerAfterMs', 'applyAfterMs', 'code'];
const words = ['method', 'path', 'message'];

function checkNeeded(type: string, body: Readonly<Record<string, unknown>>): void {
  if (type === 'latency' && typeof body['ms'] !== 'number') {
    throw bad('ms', body['ms'], 'milliseconds');
  }
  if (type === 'mcp-error' && typeof body['message'] !== 'string') {
    throw bad('message', body['message'], 'a text');
  }
  if (type === 'cut' && body['when'] !== 'before' && body['when'] !== 'after') {
    throw bad('when', body['when'], 'before or after');
  }
}

function checkPath(path: unknown): void {
  if (typeof path !== 'string') {
    return;
  }
  try {
    RegExp(path, 'v');
  } catch {
    throw bad('path', path, 'a regular expression');
  }
}

/** Reads a fault out of the body of a request; says what is wrong with it. */
export function readFault(body: Readonly<Record<string, unknown>>): Fault {
  const { type } = body;
  if (typeof type !== 'string' || !(faultTypes as readonly string[]).includes(type)) {
    throw bad('type', type, faultTypes.join(', '));
  }
  for (const name of numbers) {
    const value = body[name];
    if (value !== undefined && (typeof value !== 'number' || !(value >= 0))) {
      throw bad(name, value, 'a number');
    }
  }
  for (const name of words) {
    if (body[name] !== undefined && typeof body[name] !== 'string') {
      throw bad(name, body[name], 'a text');
    }
  }
  checkNeeded(type, body);
  checkPath(body['path']);
  const known = ['type', 'when', ...numbers, ...words];
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw bad(unknown, body[unknown], `one of ${known.join(', ')}`);
  }
  return body as unknown as Fault;
}
