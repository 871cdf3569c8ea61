import { word } from '../fields/scalars.ts';
import { profileKind } from './profile-kind.ts';

/** SIP Profile: defaults of 14.1 (recorded). */
export const sipProfileKind = profileKind({
  name: 'sip',
  type: 'SIP Profile',
  root: 'sip',
  defaults: {
    algEnable: 'disabled',
    community: 'none',
    dialogAware: 'disabled',
    dialogEstablishmentTimeout: 10,
    enableSipFirewall: 'no',
    insertRecordRouteHeader: 'disabled',
    insertViaHeader: 'disabled',
    logProfile: 'none',
    logPublisher: 'none',
    maxMediaSessions: 6,
    maxRegistrations: 100,
    maxSessionsPerRegistration: 50,
    maxSize: 65_535,
    registrationTimeout: 3600,
    secureViaHeader: 'disabled',
    security: 'disabled',
    sipSessionTimeout: 300,
    terminateOnBye: 'enabled',
    userViaHeader: 'none',
  },
  fields: [word('rtpProxyStyle', ['symmetric', 'restricted-by-ip-address', 'any-location'])],
});
