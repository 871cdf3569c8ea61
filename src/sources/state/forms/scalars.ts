import type { Address, Endpoint } from '../../../ir/address.ts';
import type { Interface, Network } from '../../../ir/network.ts';
import type { Kind } from '../../../ir/objects.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Form, Names } from './form.ts';
import { parseAddress, parseEndpoint, printAddress, printEndpoint } from '../../../ir/address.ts';
import { parseMac } from '../../../ir/mac.ts';
import { parseInterface, parseNetwork, printNetwork } from '../../../ir/network.ts';
import { descriptorOf } from '../../../ir/objects.ts';
import { scalar } from './form.ts';

/** Any text. `expected` says what it is about. */
export function text(expected = 'a text'): Form<string> {
  return scalar({
    expected,
    schema: { type: 'string' },
    parse: (value) => (typeof value === 'string' ? value : undefined),
  });
}

/** A whole number within bounds, both included. */
export function integer(minimum: number, maximum: number): Form<number> {
  return scalar({
    expected: `a whole number from ${minimum} to ${maximum}`,
    schema: { type: 'integer', minimum, maximum },
    parse: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum ? value : undefined,
  });
}

/** A port; 0 is any. */
export const port = integer(0, 65_535);

/** True or false. */
export const flag: Form<boolean> = scalar({
  expected: 'true or false',
  schema: { type: 'boolean' },
  parse: (value) => (typeof value === 'boolean' ? value : undefined),
});

/** True, or left out. */
export const yes: Form<true> = scalar({
  expected: 'true, or nothing at all',
  schema: { const: true },
  parse: (value) => (value === true ? true : undefined),
});

/** One of these words. */
export function oneOf<const W extends string>(...words: readonly W[]): Form<W> {
  return scalar({
    expected: `one of ${words.join(', ')}`,
    schema: { enum: words },
    parse: (value) => words.find((word) => word === value),
  });
}

function fromText<T>(parse: (given: string) => T | undefined): (value: unknown) => T | undefined {
  return (value) => (typeof value === 'string' ? parse(value) : undefined);
}

/** `10.0.0.1`, `10.0.0.1%2`, `2001:db8::1`. */
export const address: Form<Address> = scalar({
  expected: 'an IP address such as 10.0.0.1, 10.0.0.1%2 or 2001:db8::1',
  schema: { type: 'string' },
  parse: fromText(parseAddress),
  print: printAddress,
});

/** An address without route domain, as text. */
export const plainAddress: Form<string> = scalar({
  expected: 'an IP address without route domain',
  schema: { type: 'string' },
  parse: fromText((given) => {
    const parsed = parseAddress(given);
    return parsed?.routeDomain === undefined ? parsed?.ip : undefined;
  }),
});

/** `10.244.1.0/24`. */
export const network: Form<Network> = scalar({
  expected: 'a network such as 10.244.1.0/24',
  schema: { type: 'string' },
  parse: fromText(parseNetwork),
  print: printNetwork,
});

/** `10.244.20.60/16`. */
export const interfaceAddress: Form<Interface> = scalar({
  expected: 'an address with the length of its network, such as 10.244.20.60/16',
  schema: { type: 'string' },
  parse: fromText(parseInterface),
  print: printNetwork,
});

/** `10.0.0.1:80`, `2001:db8::1.80` or `[2001:db8::1]:80`; undefined for anything else. */
export function endpointOf(given: string): Endpoint | undefined {
  const [, host, digits] = /^\[([^\]]+)\]:(\d{1,5}|any)$/.exec(given) ?? [];
  return parseEndpoint(host === undefined ? given : `${host}.${digits}`);
}

/** An address with a port. */
export const endpoint: Form<Endpoint> = scalar({
  expected: 'an address with a port, such as 10.0.0.1:80, 2001:db8::1.80 or [2001:db8::1]:80',
  schema: { type: 'string' },
  parse: fromText(endpointOf),
  print: printEndpoint,
});

/** `c6:d2:32:6f:8f:44`. */
export const mac: Form<string> = scalar({
  expected: 'a MAC address such as c6:d2:32:6f:8f:44',
  schema: { type: 'string' },
  parse: fromText(parseMac),
});

const CONTROL = /[\p{Cc}\s]/u;

/** Where objects of a kind live: names without a path are completed with it. */
export function homeOf(kind: Kind | undefined, { partition }: Names): string {
  const isCommon = kind !== undefined && descriptorOf(kind).inCommon === true;
  return isCommon ? 'Common' : partition;
}

/**
 * The name of an object: `web` is in the partition of the target (`/Common` for kinds that live there), `/Common/http` is a
 * full path. `kind` left out: of any.
 */
export function path(kind?: Kind): Form<FullPath> {
  const noun = kind === undefined ? 'an object' : withArticle(descriptorOf(kind).noun);
  return scalar({
    expected: `the name of ${noun}, or its full path such as /Common/name`,
    schema: { type: 'string', minLength: 1 },
    parse: (value, names) => fullPathOf(value, homeOf(kind, names)),
    print: (full, names) => shortPath(full, homeOf(kind, names)),
  });
}

function withArticle(noun: string): string {
  return `${/^(?:[aeiou]|HTTP)/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Undefined: it is neither a name nor a full path. */
export function fullPathOf(value: unknown, home: string): FullPath | undefined {
  if (typeof value !== 'string' || value === '' || CONTROL.test(value)) return undefined;
  if (!value.startsWith('/')) return value.includes('/') ? undefined : `/${home}/${value}`;
  return /^\/[^/]+(?:\/[^/]*)+$/.test(value) && !value.endsWith('/') ? value : undefined;
}

/** The name, if it stands for this path. */
export function shortPath(full: FullPath, home: string): string {
  const name = full.startsWith(`/${home}/`) ? full.slice(home.length + 2) : '';
  return name === '' || name.includes('/') ? full : name;
}
