import { persistenceKind } from './persistence-kind.ts';

/** Source address persistence (fact sheet 8.10). */
export const sourceAddrPersistenceKind = persistenceKind({
  name: 'source-addr',
  root: 'source_addr',
  defaults: {
    hashAlgorithm: 'default',
    mapProxies: 'enabled',
    mapProxyAddress: 'none',
    mapProxyClass: 'none',
    mask: 'none',
    timeout: '180',
  },
});
