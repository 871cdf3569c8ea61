import { persistenceKind, persistenceRule } from './persistence-kind.ts';

/** Hash persistence. */
export const hashPersistenceKind = persistenceKind({
  name: 'hash',
  root: 'hash',
  defaults: {
    hashAlgorithm: 'default',
    hashBufferLimit: 0,
    hashEndPattern: 'none',
    hashLength: 0,
    hashOffset: 0,
    hashStartPattern: 'none',
    timeout: '180',
  },
  fields: [persistenceRule()],
});
