import { persistenceKind } from './persistence-kind.ts';

/** Universal persistence, by iRule. */
export const universalPersistenceKind = persistenceKind({
  name: 'universal',
  root: 'universal',
  defaults: {
    rule: 'none',
    timeout: '180',
  },
});
