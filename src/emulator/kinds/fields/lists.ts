import { grammarError } from '../../errors/device-error.ts';
import { identifierMissing, invalidValue } from '../../errors/mcp.ts';
import { tmshName, type Field, type FieldOptions } from '../field.ts';
import { asText } from './scalars.ts';

/** A list of names out of what clients send: an array of texts or `{name}`, or one text; `none` and `""` are empty. */
export function asNames(value: unknown, property: string): string[] {
  if (value === null || value === '' || value === 'none') {
    return [];
  }
  if (typeof value === 'string') {
    return value.split(/\s+/v).filter((part) => part !== '');
  }
  if (!Array.isArray(value)) {
    throw invalidValue(property, value);
  }
  return value.map((item: unknown) => {
    if (typeof item === 'string' && item !== '') {
      return item;
    }
    const name = typeof item === 'object' && item !== null ? (item as { name?: unknown }).name : undefined;
    if (typeof name !== 'string' || name === '') {
      throw identifierMissing();
    }
    const { partition } = item as { partition?: unknown };
    return typeof partition === 'string' && !name.startsWith('/') ? `/${partition}/${name}` : name;
  });
}

/** A list of texts. Empty is unset. */
export function texts(name: string, options: FieldOptions = {}): Field {
  return {
    shape: 'list',
    ...options,
    name,
    parse: (value) => {
      const names = asNames(value, tmshName(name));
      return names.length === 0 ? undefined : names;
    },
  };
}

/** One entry of `metadata`. */
interface Metadata {
  readonly name: string;
  readonly persist: string;
  readonly value?: string;
}

function metadataItem(item: unknown): Metadata {
  if (typeof item !== 'object' || item === null) {
    throw invalidValue('metadata', item);
  }
  const { name, value, persist } = item as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') {
    throw identifierMissing();
  }
  const kept = persist === undefined ? 'true' : asText(persist, 'persist');
  if (kept !== 'true' && kept !== 'false') {
    throw invalidValue('persist', persist);
  }
  const shown = value === undefined || value === null ? '' : asText(value, 'value');
  return shown === '' ? { name, persist: kept } : { name, persist: kept, value: shown };
}

/** `metadata`: named values with `persist` "true" unless told otherwise; empty values are omitted (fact sheet 3.13). */
export function metadata(): Field {
  return {
    name: 'metadata',
    tail: true,
    shape: 'list',
    parse: (value) => {
      if (value === 'none' || value === '' || value === null) {
        return undefined;
      }
      if (!Array.isArray(value)) {
        throw invalidValue('metadata', value);
      }
      const items = value.map(metadataItem);
      if (new Set(items.map((item) => item.name)).size !== items.length) {
        throw grammarError('metadata: the same name was given more than once');
      }
      items.sort((a, b) => (a.name < b.name ? -1 : 1));
      return items.length === 0 ? undefined : items;
    },
  };
}
