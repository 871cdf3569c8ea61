import { restjavadError } from '../errors/restjavad.ts';
import type { Fault } from './fault.ts';

/** What a field takes: says whether a value is right, and how that is called. */
interface Rule {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const number: Rule = { expected: 'a number of 0 or more', accepts: (value) => typeof value === 'number' && value >= 0 };
const whole: Rule = {
  expected: 'a whole number of 1 or more',
  accepts: (value) => Number.isInteger(value) && Number(value) > 0,
};
const share: Rule = {
  expected: 'a number from 0 to 1',
  accepts: (value) => number.accepts(value) && Number(value) <= 1,
};
const text: Rule = { expected: 'a text', accepts: (value) => typeof value === 'string' && value !== '' };
const status: Rule = {
  expected: 'an HTTP status from 400 to 599',
  accepts: (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599,
};
const pattern: Rule = {
  expected: 'a regular expression',
  accepts: (value) => typeof value === 'string' && isPattern(value),
};

function oneOf(...words: readonly string[]): Rule {
  return { expected: words.join(' or '), accepts: (value) => typeof value === 'string' && words.includes(value) };
}

function isPattern(value: string): boolean {
  try {
    RegExp(value, 'v');
    return true;
  } catch {
    return false;
  }
}

const times: Readonly<Record<string, Rule>> = { durationMs: number, afterMs: number };

const common: Readonly<Record<string, Rule>> = {
  method: text,
  path: pattern,
  probability: share,
  seed: number,
  count: whole,
  ...times,
};

const shape = oneOf('remote-sender', 'async-context');

type Fields = Readonly<Record<string, Rule>>;

interface TypeRules {
  readonly fields: Fields;
  /** What must be there. */
  readonly needed?: readonly string[];
  /** It is for no request: of the common fields it takes only when it begins and how long it lasts. */
  readonly timesOnly?: boolean;
}

/** What each type takes besides what all take. */
const types: Readonly<Record<Fault['type'], TypeRules>> = {
  latency: { fields: { ms: number, profile: oneOf('real-device'), scale: number, timeoutMs: number, shape } },
  unavailable: { fields: {} },
  restart: { fields: { daemon: oneOf('all', 'restjavad', 'mcpd') } },
  cut: { fields: { when: oneOf('before', 'after') }, needed: ['when'] },
  refused: { fields: {}, needed: ['durationMs'], timesOnly: true },
  unauthorized: { fields: { reason: oneOf('no-credentials', 'expired') } },
  'token-lifetime': { fields: { seconds: number }, needed: ['seconds'] },
  'token-limit': { fields: { limit: whole } },
  'busy-task': { fields: {} },
  memory: { fields: { items: number, failures: whole } },
  'mcp-error': {
    fields: { message: text, code: status, kind: text, name: text, verb: oneOf('create', 'modify', 'delete') },
    needed: ['message'],
  },
  'slow-transaction': { fields: { answerAfterMs: number, applyAfterMs: number, shape } },
};

function isType(value: unknown): value is Fault['type'] {
  return typeof value === 'string' && Object.hasOwn(types, value);
}

/** The types of faults. */
export const faultTypes = Object.keys(types) as readonly Fault['type'][];

/** What is wrong with a fault. */
export interface FaultProblem {
  readonly field: string;
  readonly found: unknown;
  readonly expected: string;
}

/** What is wrong with something that should be a fault; undefined when nothing is. */
export function problemOfFault(body: Readonly<Record<string, unknown>>): FaultProblem | undefined {
  const wrong = (field: string, expected: string): FaultProblem => ({ field, found: body[field], expected });
  const { type } = body;
  if (!isType(type)) {
    return wrong('type', `one of ${faultTypes.join(', ')}`);
  }
  const { fields, needed = [], timesOnly = false } = types[type];
  const known: Fields = { ...(timesOnly ? times : common), ...fields };
  const unknown = Object.keys(body).find((name) => name !== 'type' && !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    return wrong(unknown, `a field of ${type}: ${Object.keys(known).join(', ')}`);
  }
  for (const [name, rule] of Object.entries(known)) {
    const value = body[name];
    if (value === undefined ? needed.includes(name) : !rule.accepts(value)) {
      return wrong(name, rule.expected);
    }
  }
  const isTimed = type !== 'latency' || (body['ms'] === undefined) !== (body['profile'] === undefined);
  return isTimed ? undefined : wrong('ms', 'milliseconds, or a profile instead');
}

/** A problem in words. */
export function printProblem({ field, found, expected }: FaultProblem): string {
  return `${field}: found ${found === undefined ? 'nothing' : JSON.stringify(found)}, expected ${expected}`;
}

/** Reads a fault out of the body of a request; says what is wrong with it. */
export function readFault(body: Readonly<Record<string, unknown>>): Fault {
  const problem = problemOfFault(body);
  if (problem !== undefined) {
    throw restjavadError(400, `fault: ${printProblem(problem)}`);
  }
  return body as unknown as Fault;
}
