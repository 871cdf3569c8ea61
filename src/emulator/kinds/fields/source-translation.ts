import { invalidValue, unknownProperty } from '../../errors/mcp.ts';
import { objectUri, versioned } from '../../view/links.ts';
import type { Field } from '../field.ts';
import { asText } from './scalars.ts';

/** `sourceAddressTranslation` as it is stored. */
export interface SourceTranslation {
  readonly type: string;
  readonly pool?: string;
}

const types = new Set(['none', 'automap', 'snat', 'lsn']);

function poolIn(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? (value as SourceTranslation).pool : undefined;
}

/**
 * `sourceAddressTranslation` of a virtual server: type, and the pool with its twin. A PATCH that changes the type alone
 * keeps the pool, until `pool: "none"` is sent too (fact sheet 8.5).
 */
export function sourceTranslation(): Field {
  return {
    name: 'sourceAddressTranslation',
    default: { type: 'none' },
    reference: {
      target: 'ltm/snatpool',
      noTwin: true,
      paths: (value) => {
        const pool = poolIn(value);
        return pool === undefined ? [] : [pool];
      },
    },
    parse: (value, context) => {
      if (value === '' || value === 'none' || value === null) {
        return undefined;
      }
      if (typeof value !== 'object' || Array.isArray(value)) {
        throw invalidValue('source-address-translation', value);
      }
      const current = context.current('sourceAddressTranslation') as SourceTranslation | undefined;
      const { type: given = 'none', pool, ...rest } = { ...current, ...value } as Record<string, unknown>;
      const unknown = Object.keys(rest).find((name) => !name.endsWith('Reference'));
      if (unknown !== undefined) {
        throw unknownProperty(unknown);
      }
      const type = asText(given, 'type');
      if (!types.has(type)) {
        throw invalidValue('type', given);
      }
      const name = pool === undefined || pool === null ? '' : asText(pool, 'pool');
      return name === '' || name === 'none' ? { type } : { pool: context.resolve('ltm/snatpool', name), type };
    },
    print: (value, { device }) => {
      const { type, pool } = value as SourceTranslation;
      if (pool === undefined) {
        return { type };
      }
      const target = device.store.lookup('ltm/snatpool', pool);
      const twin =
        target === undefined ? {} : { poolReference: { link: versioned(objectUri(target, device), device) } };
      return { pool, ...twin, type };
    },
  };
}
