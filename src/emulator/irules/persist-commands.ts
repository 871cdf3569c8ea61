import type { PersistenceConfig } from '../dataplane/model.ts';
import { makeList, splitList, TclError, type Command } from '../tcl/index.ts';
import type { Flow, RecordScope, RuleHost } from './flow.ts';
import { resolveName } from './names.ts';

type Words = readonly (string | undefined)[];
type Setting = readonly [name: string, value: string | undefined];

/** A persistence of a type, with the settings that were given. */
function choice(type: string, settings: readonly Setting[], key?: string): PersistenceConfig {
  const given = settings.filter((setting): setting is readonly [string, string] => setting[1] !== undefined);
  return { type, settings: Object.fromEntries(given), ...(key === undefined ? {} : { key }) };
}

/** `?MASK? ?TIMEOUT?`: a word that is no number is the mask. */
function byAddress(type: string): (words: Words) => PersistenceConfig {
  return ([first, second]) => {
    const isMask = first !== undefined && !/^\d+$/v.test(first);
    return choice(type, [
      ['mask', isMask ? first : undefined],
      ['timeout', isMask ? second : first],
    ]);
  };
}

function byKey(type: string, more: readonly Setting[] = []): (words: Words) => PersistenceConfig {
  return ([key, timeout]) => {
    if (key === undefined) throw new TclError('wrong # args: should be "persist mode key ?timeout?"');
    return choice(type, [...more, ['timeout', timeout]], key);
  };
}

function plain(type: string): (words: Words) => PersistenceConfig {
  return ([timeout]) => choice(type, [['timeout', timeout]]);
}

/** `cookie ?insert|rewrite|passive ?NAME? ?EXPIRATION??`, `cookie hash NAME ?{OFFSET ?LENGTH?}? ?TIMEOUT?`. */
function byCookie([method, cookieName, ...rest]: Words): PersistenceConfig {
  if (method === 'hash') {
    const [offset, length] = splitList(rest[0] ?? '');
    return choice('cookie', [
      ['method', 'hash'],
      ['cookieName', cookieName],
      ['hashOffset', offset],
      ['hashLength', length],
      ['timeout', rest[1]],
    ]);
  }
  if (method !== undefined && !['insert', 'rewrite', 'passive'].includes(method)) {
    throw new TclError(`bad option "${method}": must be insert, rewrite, passive, or hash`);
  }
  return choice('cookie', [
    ['method', method],
    ['cookieName', cookieName],
    ['expiration', rest[0]],
  ]);
}

const modes: Readonly<Record<string, (words: Words) => PersistenceConfig | 'none'>> = {
  none: () => 'none',
  disable: () => 'none',
  source_addr: byAddress('source-addr'),
  simple: byAddress('source-addr'),
  dest_addr: byAddress('dest-addr'),
  sticky: byAddress('dest-addr'),
  uie: byKey('universal'),
  universal: byKey('universal'),
  hash: byKey('hash', [['hashAlgorithm', 'default']]),
  carp: byKey('hash', [['hashAlgorithm', 'carp']]),
  cookie: byCookie,
  ssl: plain('ssl'),
  msrdp: plain('msrdp'),
  host: plain('host'),
  sip: ([sipInfo, timeout]) =>
    choice('sip', [
      ['sipInfo', sipInfo],
      ['timeout', timeout],
    ]),
};

/** The type of a mode, as records are kept by. */
function typeOf(mode: string): string {
  const make = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  const made = make?.(['']);
  if (made === undefined || made === 'none') throw new TclError(`bad persistence mode "${mode}"`);
  return made.type;
}

/** `persist …`, for a rule and its connection. */
function persist(host: RuleHost, rule: string, flow: Flow): Command {
  /** `VALUE`, or `{VALUE ?any virtual|service|pool? ?pool NAME?}`. */
  const record = (key: string, timeout?: string): readonly [value: string, scope: RecordScope] => {
    const words = splitList(key);
    const isLong = words.length > 2 && (words[1] === 'any' || words[1] === 'pool');
    const any = isLong && words[1] === 'any' ? words[2] : undefined;
    const pool = isLong ? words[any === undefined ? 2 : 4] : undefined;
    return [
      isLong ? (words[0] ?? '') : key,
      {
        ...(any === 'virtual' || any === 'service' || any === 'pool' ? { any } : {}),
        ...(pool === undefined ? {} : { pool: resolveName(pool, rule, (each) => host.pool(each) !== undefined) }),
        ...(timeout === undefined ? {} : { timeout }),
      },
    ];
  };
  return ([mode = '', ...args]) => {
    const [type = '', key = '', last] = args;
    switch (mode) {
      case 'lookup': {
        const found = flow.hands.findRecord(typeOf(type), ...record(key));
        if (found === undefined) return '';
        const { address, port, pool } = found;
        const parts: Readonly<Record<string, string>> = { node: address, port: String(port), pool };
        return parts[last ?? 'all'] ?? makeList([address, String(port), pool]);
      }
      case 'add':
        flow.hands.addRecord(typeOf(type), ...record(key, last));
        return '';
      case 'delete':
        flow.hands.deleteRecord(typeOf(type), ...record(key));
        return '';
      default: {
        const make = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
        if (make === undefined) throw new TclError(`bad option "${mode}": must be ${Object.keys(modes).join(', ')}`);
        flow.overrides = { ...flow.overrides, persistence: make(args) };
        return '';
      }
    }
  };
}

/** `snat automap|none|ADDRESS ?PORT?` and `snatpool NAME`. The port that is asked for is not taken. */
function snat(flow: Flow): Command {
  return ([what = '']) => {
    const isWord = what === 'automap' || what === 'none';
    flow.overrides = { ...flow.overrides, snat: isWord ? { type: what } : { type: 'snat', address: what } };
    return '';
  };
}

function snatpool(host: RuleHost, rule: string, flow: Flow): Command {
  return ([name = '']) => {
    const pool = resolveName(name, rule, (each) => host.hasSnatPool(each));
    if (!host.hasSnatPool(pool)) throw new TclError(`no such snatpool: ${name}`);
    flow.overrides = { ...flow.overrides, snat: { type: 'snat', pool } };
    return '';
  };
}

/** Commands that put something in the place of the virtual server's persistence and address translation. */
export function overrideCommands(host: RuleHost, rule: string, flow: Flow): Readonly<Record<string, Command>> {
  return { persist: persist(host, rule, flow), snat: snat(flow), snatpool: snatpool(host, rule, flow) };
}
