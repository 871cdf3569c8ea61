import { persistenceKind } from './persistence-kind.ts';

/** SIP persistence. */
export const sipPersistenceKind = persistenceKind({
  name: 'sip',
  root: 'sip_info',
  defaults: {
    sipInfo: 'none',
    timeout: '180',
  },
});
