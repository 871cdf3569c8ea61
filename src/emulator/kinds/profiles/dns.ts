import { profileKind } from './profile-kind.ts';

/** DNS Profile: defaults of 13.1. */
export const dnsProfileKind = profileKind({
  name: 'dns',
  type: 'DNS Profile',
  root: 'dns',
  defaults: {
    avrDnsstatSampleRate: 0,
    cache: 'none',
    dnsSecurity: 'none',
    dns64: 'disabled',
    dns64AdditionalSectionRewrite: 'disabled',
    dns64Prefix: 'any6',
    enableCache: 'no',
    enableDnsExpress: 'no',
    enableDnsFirewall: 'yes',
    enableDnssec: 'no',
    enableGtm: 'no',
    enableHardwareQueryValidation: 'no',
    enableHardwareResponseCache: 'no',
    enableLogging: 'no',
    enableRapidResponse: 'no',
    logProfile: 'none',
    processRd: 'yes',
    processXfr: 'yes',
    rapidResponseLastAction: 'drop',
    unhandledQueryAction: 'allow',
    useLocalBind: 'no',
  },
});
