import { profileKind } from './profile-kind.ts';

/** Web security profiles, which policies with asm actions need. No recording: the kind and its one object only (K). */
export const webSecurityProfileKind = profileKind({
  name: 'web-security',
  type: 'WebSecurity Profile',
  root: 'websecurity',
  defaults: {},
});
