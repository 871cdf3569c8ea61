import { profileKind } from './profile-kind.ts';

/** OneConnect profiles: defaults of 13.1 (fact sheet 8.9). */
export const oneConnectProfileKind = profileKind({
  name: 'one-connect',
  type: 'OneConnect Profile',
  root: 'oneconnect',
  defaults: {
    idleTimeoutOverride: 'disabled',
    limitType: 'none',
    maxAge: 86400,
    maxReuse: 1000,
    maxSize: 10000,
    sharePools: 'disabled',
    sourceMask: 'any',
  },
});
