import { persistenceKind, persistenceRule } from './persistence-kind.ts';

/** Universal persistence, by iRule. */
export const universalPersistenceKind = persistenceKind({
  name: 'universal',
  root: 'universal',
  defaults: {
    timeout: '180',
  },
  fields: [persistenceRule()],
});
