import { invalidValue, notModifiable, unknownProperty } from '../../errors/mcp.ts';
import { tmshName, type Field } from '../field.ts';
import type { Draft } from '../kind.ts';
import { asText } from './scalars.ts';

const known = new Set(['addressFamily', 'autopopulate', 'downInterval', 'interval', 'tmName']);

function readFqdn(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidValue('fqdn', value);
  }
  const read: Record<string, unknown> = {};
  for (const [key, raw] of Object.entries(value)) {
    const name = key === 'name' ? 'tmName' : key;
    if (!known.has(name)) {
      throw unknownProperty(key);
    }
    const text = asText(raw, key);
    if (name === 'autopopulate' && text !== 'enabled' && text !== 'disabled') {
      throw invalidValue('autopopulate', raw);
    }
    read[name] = name === 'downInterval' ? Number(text) : text;
  }
  return read;
}

/** The `fqdn` of a node or member, with its defaults filled in. */
export function fqdn(defaults: Readonly<Record<string, unknown>>): Field {
  return {
    name: 'fqdn',
    default: defaults,
    parse: (value, context) => {
      const read = { ...(context.current('fqdn') as object | undefined), ...readFqdn(value) };
      const sorted = Object.entries({ ...defaults, ...read }).sort(([a], [b]) => (a < b ? -1 : 1));
      const all = Object.fromEntries(sorted.filter(([, each]) => each !== '' && each !== 'none'));
      return JSON.stringify(all) === JSON.stringify(defaults) ? undefined : all;
    },
  };
}

/** The name in a stored `fqdn`, if there is one. */
export function fqdnName(value: unknown): string | undefined {
  const name = typeof value === 'object' && value !== null ? (value as { tmName?: unknown }).tmName : undefined;
  return typeof name === 'string' ? name : undefined;
}

/**
 * What of an `fqdn` can be given at creation only (fact sheet 4) stays, also through a PUT that does not repeat it; a
 * change of it is refused. For `prepare` of nodes and members.
 */
export function keepFqdn(draft: Draft): void {
  const { before, values, given } = draft;
  if (before === undefined) {
    return;
  }
  const old = (before.values['fqdn'] ?? {}) as Readonly<Record<string, unknown>>;
  const read = (values['fqdn'] ?? {}) as Readonly<Record<string, unknown>>;
  const changed = ['addressFamily', 'autopopulate', 'tmName'].find((name) => read[name] !== old[name]);
  if (changed === undefined) {
    return;
  }
  if (given.has('fqdn')) {
    throw notModifiable(tmshName(changed));
  }
  values['fqdn'] = before.values['fqdn'];
}
