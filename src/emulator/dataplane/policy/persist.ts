import type { PersistenceConfig } from '../model.ts';
import type { PolicyAction } from './model.ts';

/** A parameter of an action, filled in; undefined if it is not set. Numbers are unset at 0. */
export type Read = (name: string) => string | undefined;

/** Settings of a persistence profile, by the parameters that stand for them. */
function settings(read: Read, names: Readonly<Record<string, string>>): PersistenceConfig['settings'] {
  const pairs = Object.entries(names).flatMap(([setting, name]) => {
    const value = read(name);
    return value === undefined ? [] : [[setting, value] as const];
  });
  return Object.fromEntries(pairs);
}

const address = { mask: 'netmask', timeout: 'timeout' };
const cookie = { cookieName: 'tmName', expiration: 'expiry' };
const hashed = { cookieName: 'tmName', hashOffset: 'offset', hashLength: 'length', timeout: 'timeout' };

type Make = (read: Read) => PersistenceConfig | 'none' | undefined;

function byCookie(method: string, names: Readonly<Record<string, string>>): Make {
  return (read) => {
    const seconds = read('expirySecs');
    const expiration = seconds === undefined ? {} : { expiration: seconds };
    return { type: 'cookie', settings: { ...expiration, ...settings(read, names), method } };
  };
}

/** Without a key there is nothing to persist on. */
function byKey(type: string, more: PersistenceConfig['settings'] = {}): Make {
  return (read) => {
    const key = read('key');
    return key === undefined
      ? undefined
      : { type, key, settings: { ...settings(read, { timeout: 'timeout' }), ...more } };
  };
}

const verbs: Readonly<Record<string, Make>> = {
  disable: () => 'none',
  sourceAddress: (read) => ({ type: 'source-addr', settings: settings(read, address) }),
  destinationAddress: (read) => ({ type: 'dest-addr', settings: settings(read, address) }),
  cookieInsert: byCookie('insert', cookie),
  cookieRewrite: byCookie('rewrite', cookie),
  cookiePassive: byCookie('passive', { cookieName: 'tmName' }),
  cookieHash: byCookie('hash', hashed),
  universal: byKey('universal'),
  hash: byKey('hash', { hashAlgorithm: 'default' }),
  carp: byKey('hash', { hashAlgorithm: 'carp' }),
};

/** The persistence that an action `persist` chooses; undefined: it has no key. */
export function persistenceOf({ verb }: PolicyAction, read: Read): PersistenceConfig | 'none' | undefined {
  return verbs[verb]?.(read);
}
