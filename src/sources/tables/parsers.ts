import type { Address } from '../../ir/address.ts';
import type { AdminState } from '../../ir/pool.ts';
import { integer, unicast } from '../values/parsers.ts';

/** Reads a text; undefined: it is not of the expected form. */
export type Parse<T> = (text: string) => T | undefined;

/** An address, with a port if one stands behind it. */
export interface Target {
  readonly address: Address;
  readonly port?: number;
}

const PORT_MAX = 65_535;

/** A whole number within bounds, both included; `8080.0`, as programs write a column of decimals, is one. */
export function whole(min: number, max: number): Parse<number> {
  const parse = integer(min, max);
  return (text) => parse(text.replace(/\.0+$/, ''));
}

/** A port from 1 to 65535. Zeros in front, as spreadsheets pad them, do not count: a port has no other base. */
export function port(text: string): number | undefined {
  const digits = text.replace(/\.0+$/, '');
  const value = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
  return value >= 1 && value <= PORT_MAX ? value : undefined;
}

/**
 * `10.0.0.1`, `10.0.0.1:80`, `10.0.0.1%2:80`, `2001:db8::1`, `[2001:db8::1]:80`, `2001:db8::1.80`. A network length of one
 * host (`/32`, `/128`) may follow.
 */
export function target(text: string): Target | undefined {
  const [, inBrackets, behind] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
  if (inBrackets !== undefined) return withPort(unicast(inBrackets), behind);
  const host = /^(.*)\/(?:32|128)$/.exec(text)?.[1] ?? text;
  const whole = unicast(host);
  if (whole !== undefined) return { address: whole };
  const [, before, after] = /^(.+)[:.](\d+)$/.exec(host) ?? [];
  return before === undefined ? undefined : withPort(unicast(before), after);
}

function withPort(address: Address | undefined, text: string | undefined): Target | undefined {
  if (address === undefined) return undefined;
  if (text === undefined) return { address };
  const value = port(text);
  return value === undefined ? undefined : { address, port: value };
}

/** Several of {@link target}, with commas, semicolons, blanks or line ends between them. */
export function targets(text: string): readonly Target[] | undefined {
  const found = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(target);
  const valid = found.filter((item) => item !== undefined);
  return valid.length === found.length && valid.length > 0 ? valid : undefined;
}

/** `tcp`, `udp`, `sctp`, in any case. */
export function protocol(text: string): 'tcp' | 'udp' | 'sctp' | undefined {
  return (['tcp', 'udp', 'sctp'] as const).find((word) => word === text.toLowerCase());
}

const STATES: Readonly<Record<string, AdminState>> = {
  enabled: 'enabled',
  up: 'enabled',
  disabled: 'disabled',
  drain: 'disabled',
  offline: 'offline',
  down: 'offline',
};

/** `enabled` (or `up`), `disabled` (or `drain`), `offline` (or `down`), in any case. */
export function adminState(text: string): AdminState | undefined {
  return STATES[text.toLowerCase()];
}
