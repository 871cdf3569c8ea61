import type { Address } from '../../ir/address.ts';
import type { MonitorRule } from '../../ir/pool.ts';
import type { FullPath } from '../../ir/ref.ts';
import type { ProfileUse, SourceTranslation, VlanChoice } from '../../ir/virtual.ts';
import ipaddr from 'ipaddr.js';
import { familyOf, parseAddress } from '../../ir/address.ts';
import { parseHosts } from './host.ts';
import { compareText } from '../../ir/compare-text.ts';

/** Reads the text of an annotation; undefined: it is not of the expected form. */
export type Parse<T> = (text: string) => T | undefined;

// All but tab and line ends.
const CONTROL = /[^\P{Cc}\t\r\n]/u;
const FULL_PATH = /^(?:\/[^\s/,{}"'\\?]+){2,}$/;

/** One of these words. */
export function oneOf<const W extends string>(...words: readonly W[]): Parse<W> {
  return (text) => words.find((word) => word === text.trim());
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): Parse<number> {
  return (text) => {
    const trimmed = text.trim();
    const value = /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
}

/** `/Common/name` or `/partition/folder/name`. */
export function fullPath(text: string): FullPath | undefined {
  const trimmed = text.trim();
  return FULL_PATH.test(trimmed) ? trimmed : undefined;
}

/** The name of an object, or its full path. */
export function nameOrPath(text: string): string | undefined {
  const trimmed = text.trim();
  return /^[\w.-]+$/.test(trimmed) ? trimmed : fullPath(trimmed);
}

/** `none` or a full path. */
export function pathOrNone(text: string): FullPath | undefined {
  return text.trim() === 'none' ? 'none' : fullPath(text);
}

/** Full paths with commas between them; each once, at least one. */
export function fullPaths(text: string): readonly FullPath[] | undefined {
  return listOf(text.split(','), fullPath);
}

function listOf<T>(parts: readonly string[], parse: Parse<T>): readonly T[] | undefined {
  const items = parts.map(parse);
  const valid = items.filter((item) => item !== undefined);
  return valid.length === items.length && new Set(valid).size === valid.length ? valid : undefined;
}

/**
 * The address of one host; undefined: it is none. The address "any" would catch the traffic of everybody; to the others nobody
 * listens.
 */
export function unicast(text: string): Address | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  return ['unspecified', 'broadcast', 'multicast', 'ipv4Mapped'].includes(ipaddr.parse(address.ip).range())
    ? undefined
    : address;
}

/** One or two addresses, one of each family, IPv4 first. */
export function addresses(text: string): readonly Address[] | undefined {
  const found = listOf(text.split(','), (part) => unicast(part.trim()));
  if (found === undefined || new Set(found.map(familyOf)).size !== found.length) return undefined;
  return [...found].sort((a, b) => familyOf(a) - familyOf(b));
}

/** What is wrong with such a list where its parts are addresses all the same; undefined: nothing, or that is plain to see. */
export function wrongAddress(text: string): string | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const read = parts.map(parseAddress);
  const odd = parts.find((part, index) => read[index] !== undefined && unicast(part) === undefined);
  if (odd !== undefined) return `${JSON.stringify(odd)} is none that a client can connect to`;
  const families = read.flatMap((address) => (address === undefined ? [] : [familyOf(address)]));
  const twice = families.find((family, index) => families.indexOf(family) < index);
  return twice === undefined ? undefined : `more than one is IPv${twice}`;
}

/** `/Common/tcp`, `/Common/clientssl:clientside`, with commas between them; each path once. */
export function profileUses(text: string): readonly ProfileUse[] | undefined {
  const uses = listOf(text.split(','), profileUse);
  if (uses === undefined || new Set(uses.map((use) => use.path)).size !== uses.length) return undefined;
  return [...uses].sort((a, b) => compareText(a.path, b.path));
}

function profileUse(text: string): ProfileUse | undefined {
  const trimmed = text.trim();
  const context = (['clientside', 'serverside', 'all'] as const).find((word) => trimmed.endsWith(`:${word}`));
  const path = fullPath(context === undefined ? trimmed : trimmed.slice(0, -context.length - 1));
  return path === undefined ? undefined : { path, context: context ?? 'all' };
}

/** `automap`, `none`, or the full path of a SNAT pool. */
export function snat(text: string): SourceTranslation | undefined {
  const word = oneOf('automap', 'none')(text);
  if (word !== undefined) return { type: word };
  const pool = fullPath(text);
  return pool === undefined ? undefined : { type: 'snat', pool };
}

/** `/Common/internal,/Common/dmz`, or `except /Common/external`. */
export function vlanChoice(text: string): VlanChoice | undefined {
  const except = /^\s*except\s+(.*)$/s.exec(text)?.[1];
  const vlans = fullPaths(except ?? text);
  if (vlans === undefined) return undefined;
  return { mode: except === undefined ? 'only' : 'except', vlans: [...vlans].sort(compareText) };
}

/** `none`, `/Common/http`, `/Common/a and /Common/b`, `min 1 of /Common/a /Common/b`. */
export function monitorRule(text: string): MonitorRule | 'none' | undefined {
  const trimmed = text.trim();
  if (trimmed === 'none') return 'none';
  const [, minimumText, minimumOf] = /^min\s+(\d{1,3})\s+of\s+(.*)$/s.exec(trimmed) ?? [];
  const parts = minimumOf === undefined ? trimmed.split(/\s+and\s+/) : minimumOf.split(/\s+(?:and\s+)?/);
  const found = listOf(parts, fullPath);
  if (found === undefined) return undefined;
  const monitors = [...found].sort(compareText);
  if (minimumText === undefined) return { monitors };
  const minimum = Number(minimumText);
  return minimum >= 1 && minimum <= monitors.length ? { minimum, monitors } : undefined;
}

/**
 * What a monitor sends or expects. Line ends that YAML has already turned into characters are turned back into the
 * escapes that the device keeps (`\r\n`).
 */
export function monitorText(text: string): string | undefined {
  if (CONTROL.test(text)) return undefined;
  const escaped = text.replaceAll('\r', String.raw`\r`).replaceAll('\n', String.raw`\n`);
  return escaped === '' ? undefined : escaped;
}

/** Any text that is not blank, without the blanks around it. */
export function word(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' ? undefined : trimmed;
}

/** DNS names with commas between them, each once; or `none`. */
export function hostnames(text: string): readonly string[] | 'none' | undefined {
  return text.trim() === 'none' ? 'none' : parseHosts(text);
}

/** What hosts are answered with in place of a Service's addresses. */
export type DnsTarget =
  | { readonly kind: 'addresses'; readonly addresses: readonly Address[] }
  | { readonly kind: 'names'; readonly names: readonly string[] };

/** One or two addresses, one of each family; or DNS names without stars. */
export function dnsTarget(text: string): DnsTarget | undefined {
  const found = addresses(text);
  if (found !== undefined) {
    const isPlain = found.every(({ routeDomain }) => routeDomain === undefined);
    return isPlain ? { kind: 'addresses', addresses: found } : undefined;
  }
  const names = parseHosts(text);
  return names === undefined || names.some((name) => name.startsWith('*')) ? undefined : { kind: 'names', names };
}

const TTL_MAX = 2_147_483_647;

/** Seconds: `60`, or as external-dns takes them, `1m30s`. */
export function ttl(text: string): number | undefined {
  const whole = integer(0, TTL_MAX)(text);
  const [match, hours = '0', minutes = '0', seconds = '0'] =
    /^(?=.)(?:(\d{1,6})h)?(?:(\d{1,8})m)?(?:(\d{1,10})s)?$/.exec(text.trim()) ?? [];
  if (whole !== undefined || match === undefined) return whole;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return total <= TTL_MAX ? total : undefined;
}
