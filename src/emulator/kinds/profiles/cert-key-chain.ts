import { identifierMissing, invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';

function readItem(item: unknown, resolve: (name: string) => string): Record<string, unknown> {
  const { name, cert, key, chain } = (item ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') {
    throw identifierMissing();
  }
  const path = (value: unknown): string =>
    typeof value !== 'string' || value === '' || value === 'none' ? 'none' : resolve(value);
  return { name, appService: 'none', cert: path(cert), chain: path(chain), key: path(key) };
}

/** `certKeyChain` of client SSL profiles: certificate, key and chain by name. */
export function certKeyChain(): Field {
  return {
    name: 'certKeyChain',
    tail: true,
    default: [
      { name: 'default', appService: 'none', cert: '/Common/default.crt', chain: 'none', key: '/Common/default.key' },
    ],
    parse: (value, context) => {
      if (!Array.isArray(value)) {
        throw invalidValue('cert-key-chain', value);
      }
      return value.map((item: unknown) => readItem(item, (name) => context.resolve('sys/file/ssl-cert', name)));
    },
  };
}
