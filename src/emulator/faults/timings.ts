import { logNormal, type Dice } from './dice.ts';

/** What a request makes the device do, as far as its time depends on it. */
export type Operation = 'read' | 'list' | 'expand' | 'stats' | 'write' | 'commit' | 'save' | 'login' | 'command';

/** How long an operation takes, in milliseconds: about `median`, and so much more for each object that it is about. */
export interface Timing {
  readonly median: number;
  /** Spread of the logarithm: with 0.5, one in twenty takes more than twice the median. */
  readonly sigma: number;
  readonly each: number;
}

/** Times of real devices (fact sheet 11.2), where the source says so; else K. */
export const realDevice: Readonly<Record<Operation, Timing>> = {
  // 9 ms for a member, 22 ms for a virtual address.
  read: { median: 15, sigma: 0.5, each: 0 },
  // About ten lists of a small partition in 0.207 s; a list of 1,800 pools "instant".
  list: { median: 20, sigma: 0.5, each: 0.1 },
  // 130 virtual servers in 2 to 3 s.
  expand: { median: 50, sigma: 0.6, each: 20 },
  // Members of "hundreds of pools", one by one, in 30 s.
  stats: { median: 100, sigma: 0.5, each: 1 },
  // 2 to 3 s for the 2 to 4 calls that create an object.
  write: { median: 700, sigma: 0.4, each: 0 },
  // 100 pools, 120 lines in one transaction: 1.75 s.
  commit: { median: 300, sigma: 0.4, each: 12 },
  // "Takes seconds" (K).
  save: { median: 2000, sigma: 0.4, each: 0 },
  // PAM blocks; K.
  login: { median: 300, sigma: 0.4, each: 0 },
  // A shell and tmsh start; K.
  command: { median: 1000, sigma: 0.4, each: 0 },
};

/** Whether mcpd does it alone: writes wait for each other (fact sheet 11.1). */
export function isExclusive(operation: Operation): boolean {
  return operation === 'write' || operation === 'commit' || operation === 'save';
}

function readOperation(path: string, query: string): Operation {
  if (path.endsWith('/stats')) {
    return 'stats';
  }
  if (/expandSubcollections=true/v.test(query)) {
    return 'expand';
  }
  return /\/mgmt\/tm\/(?:.*\/)?~[^\/]*$/v.test(path) || !path.startsWith('/mgmt/tm/') ? 'read' : 'list';
}

/** What a request makes the device do. `isQueued`: it carries the header of a transaction, which only notes it. */
export function operationOf(
  { method, path, query }: { readonly method: string; readonly path: string; readonly query: string },
  isQueued: boolean,
): Operation {
  if (path.startsWith('/mgmt/shared/authn/login')) {
    return 'login';
  }
  if (method === 'GET') {
    return readOperation(path, query);
  }
  if (isQueued || path.startsWith('/mgmt/shared/')) {
    return 'read';
  }
  if (path.startsWith('/mgmt/tm/transaction')) {
    return method === 'PATCH' ? 'commit' : 'read';
  }
  if (/^\/mgmt\/tm\/sys\/config\/?$/v.test(path)) {
    return 'save';
  }
  return path.startsWith('/mgmt/tm/util/') ? 'command' : 'write';
}

/** How long an operation about so many objects takes this time, in milliseconds. */
export function timeOf(operation: Operation, objects: number, dice: Dice): number {
  const { median, sigma, each } = realDevice[operation];
  return logNormal(median + each * objects, sigma, dice);
}
