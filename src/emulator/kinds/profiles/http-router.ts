import { profileKind } from './profile-kind.ts';

/** HTTP router profiles, of release 14.1 and later: with one, members are spoken to in HTTP/2 (K, nothing recorded). */
export const httpRouterProfileKind = profileKind({
  name: 'httprouter',
  type: 'HTTP Router Profile',
  root: 'httprouter',
  defaults: { maxPendingBytes: 32_768, maxPendingMessages: 64, maxRetries: 1, mirror: 'disabled' },
});
