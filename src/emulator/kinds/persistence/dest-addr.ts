import { persistenceKind } from './persistence-kind.ts';

/** Destination address persistence. */
export const destAddrPersistenceKind = persistenceKind({
  name: 'dest-addr',
  root: 'dest_addr',
  defaults: {
    hashAlgorithm: 'default',
    mask: 'none',
    timeout: '180',
  },
});
