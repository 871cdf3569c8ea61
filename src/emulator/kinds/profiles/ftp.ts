import { word } from '../fields/scalars.ts';
import { profileKind } from './profile-kind.ts';

/** FTP Profile (defaults K). */
export const ftpProfileKind = profileKind({
  name: 'ftp',
  type: 'FTP Profile',
  root: 'ftp',
  defaults: {
    allowActiveMode: 'enabled',
    enforceTlsSessionReuse: 'disabled',
    inheritParentProfile: 'disabled',
    inheritVlanList: 'disabled',
    logProfile: 'none',
    logPublisher: 'none',
    port: 20,
    security: 'disabled',
    translateExtended: 'enabled',
  },
  fields: [
    word('ftpsMode', ['disallow', 'allow', 'require'], { since: '14.1' }),
    word('allowFtps', ['disabled', 'enabled']),
  ],
});
