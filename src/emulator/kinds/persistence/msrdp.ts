import { persistenceKind } from './persistence-kind.ts';

/** Microsoft Remote Desktop persistence. */
export const msrdpPersistenceKind = persistenceKind({
  name: 'msrdp',
  root: 'msrdp',
  defaults: {
    hasSessionDir: 'yes',
    timeout: '300',
  },
});
