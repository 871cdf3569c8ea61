import { identifierMissing, invalidValue } from '../../errors/mcp.ts';
import { splitFullPath } from '../../names/full-path.ts';
import { objectUri, versioned } from '../../view/links.ts';
import type { Field } from '../field.ts';

/** One persistence profile of a virtual server as it is stored. */
export interface PersistItem {
  readonly fullPath: string;
  readonly tmDefault: string;
}

/** The stored items of a `persist` value. */
export function persistItems(value: unknown): readonly PersistItem[] {
  return Array.isArray(value) ? (value as PersistItem[]) : [];
}

function readItem(item: unknown, resolve: (name: string) => string): PersistItem {
  if (typeof item === 'string') {
    return { fullPath: resolve(item), tmDefault: 'yes' };
  }
  const { name, partition, tmDefault } = (item ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') {
    throw identifierMissing();
  }
  const full = name.startsWith('/') || typeof partition !== 'string' ? name : `/${partition}/${name}`;
  return { fullPath: resolve(full), tmDefault: tmDefault === 'no' ? 'no' : 'yes' };
}

/** `persist` of a virtual server: an array of one profile, `{name, partition, tmDefault, nameReference}` on output. */
export function persist(): Field {
  return {
    name: 'persist',
    tail: true,
    shape: 'list',
    reference: {
      target: 'ltm/persistence',
      noTwin: true,
      paths: (value) => persistItems(value).map((item) => item.fullPath),
    },
    parse: (value, context) => {
      if (value === 'none' || value === '' || value === null) {
        return undefined;
      }
      const list = Array.isArray(value) ? value : [value];
      if (list.length > 1) {
        throw invalidValue('persist', value);
      }
      const items = list.map((item: unknown) => readItem(item, (name) => context.resolve('ltm/persistence', name)));
      return items.length === 0 ? undefined : items;
    },
    print: (value, { device }) =>
      persistItems(value).map(({ fullPath, tmDefault }) => {
        const { name, partition } = splitFullPath(fullPath);
        const target = device.store.lookup('ltm/persistence', fullPath);
        const link =
          target === undefined ? {} : { nameReference: { link: versioned(objectUri(target, device), device) } };
        return Object.assign({ name, partition, tmDefault }, link);
      }),
  };
}
