import { persistenceKind } from './persistence-kind.ts';

/** SSL session persistence. */
export const sslPersistenceKind = persistenceKind({
  name: 'ssl',
  root: 'ssl',
  defaults: {
    timeout: '300',
  },
});
