import { invalidValue } from '../../errors/mcp.ts';
import { canonicalAddress, parseAddress, printAddress } from '../../names/address.ts';
import { tmshName, type Field, type FieldOptions } from '../field.ts';
import { asText } from './scalars.ts';

/** Addresses that are words. Outside route domain 0 they are kept with their `%rd`, as addresses are. */
const wildcards: Readonly<Record<string, string>> = {
  any: 'any',
  '0.0.0.0': 'any',
  any6: 'any6',
  '::': 'any6',
};

/** The stored form of the wildcard that a text means, `any`, `any6`, `any%7`; undefined when it is an address. */
export function wildcardOf(text: string, defaultRouteDomain: number): string | undefined {
  const [host = '', given = String(defaultRouteDomain)] = text.split('%');
  const word = Object.hasOwn(wildcards, host) ? wildcards[host] : undefined;
  if (word === undefined || !/^\d{1,5}$/v.test(given)) {
    return undefined;
  }
  return Number(given) === 0 ? word : `${word}%${Number(given)}`;
}

/** A stored wildcard in its parts; undefined when it is an address. */
export function readWildcard(stored: string): { word: 'any' | 'any6'; routeDomain: number } | undefined {
  const [word, routeDomain = '0'] = stored.split('%');
  return word === 'any' || word === 'any6' ? { word, routeDomain: Number(routeDomain) } : undefined;
}

/** An IP address with an optional route domain, stored with it and printed relative to the folder one looks from. */
export function address(name: string, options: FieldOptions = {}): Field {
  return {
    ...options,
    name,
    parse: (value, context) => {
      const given = asText(value, tmshName(name));
      const wildcard = wildcardOf(given, context.routeDomain);
      if (wildcard !== undefined) {
        return wildcard;
      }
      const parsed = parseAddress(given, context.routeDomain);
      if (parsed === undefined) {
        throw invalidValue(tmshName(name), value);
      }
      return canonicalAddress(parsed);
    },
    print: (value, context) => printStored(String(value), context.routeDomain),
  };
}

/** Prints a stored address, wildcard or not. */
export function printStored(stored: string, routeDomain: number): string {
  return stored.includes('%') ? printAddress(stored, routeDomain) : stored;
}
