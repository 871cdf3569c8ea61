import { describe, expect, it } from 'vitest';
import type { BigipObject, Kind } from '../../../ir/objects.ts';
import type { Json } from '../request.ts';
import { decodeObject } from './decode-object.ts';

const context = { version: [14, 1, 0], defaultRouteDomain: 0, partition: 'k' };

function decode(kind: Kind, body: Json): BigipObject {
  return decodeObject(kind, { fullPath: '/k/web', ...body }, context).object;
}

describe('profiles as devices show them', () => {
  it('a client SSL profile without the list of certificates has the single ones', () => {
    expect(decode('client-ssl', { cert: '/Common/a.crt', key: 'a.key', chain: 'none' })).toEqual({
      kind: 'client-ssl',
      path: '/k/web',
      cert: '/Common/a.crt',
      key: '/Common/a.key',
    });
  });

  it('a client SSL profile with several certificates is none that we wrote', () => {
    const certKeyChain = [
      { name: 'a', cert: '/k/a.crt', key: '/k/a.key', chain: '/k/c.crt' },
      { name: 'b', cert: '/k/b.crt', key: '/k/b.key', chain: 'none' },
    ];
    expect(decode('client-ssl', { certKeyChain })).toMatchObject({
      cert: '/k/a.crt /k/b.crt',
      key: '/k/a.key /k/b.key',
      chain: '/k/c.crt',
    });
  });

  it('options come as a list, or (14.1) as one text', () => {
    const options = ['dont-insert-empty-fragments', 'no-tlsv1.3'];
    expect(decode('server-ssl', { tmOptions: options })).toMatchObject({ options });
    expect(decode('server-ssl', { tmOptions: '{ dont-insert-empty-fragments no-tlsv1.3 }' })).toMatchObject({
      options,
    });
    for (const tmOptions of ['none', [], undefined])
      expect(decode('server-ssl', { tmOptions })).not.toHaveProperty('options');
  });

  it('a parent of its own is told, with what comes from there', () => {
    const body = { defaultsFrom: '/k/parent', ciphers: 'DEFAULT', peerCertMode: 'ignore' };
    expect(decode('server-ssl', body)).toMatchObject({
      defaultsFrom: '/k/parent',
      ciphers: 'DEFAULT',
      peerCertMode: 'ignore',
    });
    expect(decode('server-ssl', { ...body, defaultsFrom: '/Common/serverssl' })).toEqual({
      kind: 'server-ssl',
      path: '/k/web',
    });
  });

  it('HSTS that is switched off is none; a list of header names that is empty, too', () => {
    expect(decode('http-profile', { hsts: { mode: 'disabled', maximumAge: 5 }, xffAlternativeNames: [] })).toEqual({
      kind: 'http-profile',
      path: '/k/web',
    });
    expect(decode('http-profile', { hsts: { mode: 'enabled' } })).toMatchObject({ hsts: { maximumAge: 0 } });
    expect(decode('http-profile', { hsts: 'none' })).not.toHaveProperty('hsts');
  });

  it('a stock file has no checksum', () => {
    expect(decode('ssl-key', { systemPath: '/config/ssl/ssl.key/default.key' })).toMatchObject({ checksum: 'none' });
  });

  it('an old device says less of persistence', () => {
    expect(decode('persistence-cookie', {})).toEqual({ kind: 'persistence-cookie', path: '/k/web' });
    expect(decode('persistence-source-addr', { timeout: '180', mask: 'none' })).toEqual({
      kind: 'persistence-source-addr',
      path: '/k/web',
    });
  });
});

/** A rule with this condition or action, as read. */
function rule(parts: { readonly condition?: Json; readonly action?: Json; readonly more?: Json }): unknown {
  const item = {
    name: 'r',
    conditionsReference: { items: parts.condition === undefined ? [] : [{ name: '0', ...parts.condition }] },
    actionsReference: { items: parts.action === undefined ? [] : [{ name: '0', ...parts.action }] },
    ...parts.more,
  };
  const object = decode('policy', { rulesReference: { items: [item] } });
  return object.kind === 'policy' ? object.rules[0] : undefined;
}

describe('rules as devices show them', () => {
  it.each<[string, Json, string]>([
    ['an operand of no kind that we write', { geoip: true, equals: true, request: true }, 'equals geoip request'],
    ['a comparison that we do not write', { httpHost: true, host: true, matches: true }, 'host httpHost matches'],
    [
      'a name that is missing',
      { httpHeader: true, all: true, equals: true, values: ['a'] },
      'all equals httpHeader values ["a"]',
    ],
    [
      'a header of the response',
      { httpHeader: true, all: true, equals: true, tmName: 'X', response: true },
      'all equals httpHeader response tmName "X"',
    ],
    [
      'a data group',
      { httpHost: true, host: true, equals: true, datagroup: '/Common/d' },
      'datagroup "/Common/d" equals host httpHost',
    ],
    [
      'the port of a connection',
      { tcp: true, port: true, equals: true, values: ['80'] },
      'equals port tcp values ["80"]',
    ],
    [
      'an address without values',
      { tcp: true, request: true, address: true, matches: true },
      'address matches request tcp',
    ],
  ])('a condition with %s is kept as its words', (_, condition, words) => {
    expect(rule({ condition })).toMatchObject({ conditions: [{ operand: 'other', words }] });
  });

  it.each<[string, Json, string]>([
    [
      'forwards to a node',
      { forward: true, select: true, request: true, node: '10.0.0.1' },
      'forward node "10.0.0.1" request select',
    ],
    [
      'forwards with more',
      { forward: true, select: true, request: true, pool: '/k/p', snat: 'automap' },
      'forward pool "/k/p" request select snat "automap"',
    ],
    [
      'resets with more',
      { forward: true, request: true, reset: true, snat: 'none', port: 5 },
      'forward port 5 request reset',
    ],
    [
      'inserts a header without a value',
      { httpHeader: true, request: true, insert: true, tmName: 'X' },
      'httpHeader insert request tmName "X"',
    ],
    [
      'changes the query',
      { httpUri: true, request: true, replace: true, queryString: 'a' },
      'httpUri queryString "a" replace request',
    ],
    [
      'does something else',
      { asm: true, request: true, enable: true, policy: '/Common/w' },
      'asm enable policy "/Common/w" request',
    ],
  ])('an action that %s is kept as its words', (_, action, words) => {
    expect(rule({ action })).toMatchObject({ actions: [{ type: 'other', words }] });
  });

  it('a description that we did not write says nothing of an origin', () => {
    expect(rule({ more: { description: 'made by hand' } })).not.toHaveProperty('origin');
    expect(rule({ more: { description: '-- fairlead:east:Ingress/shop/a' } })).toMatchObject({
      origin: 'east:Ingress/shop/a',
    });
  });

  it('up to 12.1 a rule may be called by its partition, too; without an ordinal it comes first, and many parts stay in order', () => {
    const conditions = Array.from({ length: 11 }, (_, index) => ({
      name: String(index),
      httpMethod: true,
      all: true,
      equals: true,
      values: [String(index)],
    }));
    const items = [
      {
        name: '/k/b',
        ordinal: 1,
        conditionsReference: { items: conditions.toSorted((a, b) => (a.name < b.name ? -1 : 1)) },
      },
      { name: '/k/a' },
      {},
    ];
    const object = decode('policy', { rulesReference: { items } });
    expect(object.kind === 'policy' && object.rules.map(({ name }) => name)).toEqual(['', 'a', 'b']);
    const values =
      object.kind === 'policy'
        ? object.rules[2]?.conditions.map((one) => ('values' in one ? one.values?.[0] : ''))
        : [];
    expect(values).toEqual(conditions.map(({ name }) => name));
  });
});
