import { invalidValue } from '../../errors/mcp.ts';
import { canonicalAddress, parseAddress, printAddress } from '../../names/address.ts';
import { tmshName, type Field, type FieldOptions } from '../field.ts';
import { asText } from './scalars.ts';

/** Addresses that are words. They are kept as they are. */
const wildcards: Readonly<Record<string, string>> = {
  any: 'any',
  '0.0.0.0': 'any',
  any6: 'any6',
  '::': 'any6',
};

/** The wildcard that a text means, `any` or `any6`; undefined when it is an address. */
export function wildcardOf(text: string): string | undefined {
  return wildcards[text.split('%')[0] ?? ''];
}

/** An IP address with an optional route domain, stored with it and printed relative to the folder one looks from. */
export function address(name: string, options: FieldOptions = {}): Field {
  return {
    ...options,
    name,
    parse: (value, context) => {
      const given = asText(value, tmshName(name));
      const wildcard = wildcardOf(given);
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
