import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { profileKind } from './profile-kind.ts';

/** What is logged of requests, or of responses: to whom, how, and in which words. */
function half(name: 'request' | 'response'): Readonly<Record<string, unknown>> {
  return {
    [`${name}LogErrorPool`]: 'none',
    [`${name}LogErrorProtocol`]: 'mds-udp',
    [`${name}LogErrorTemplate`]: 'none',
    [`${name}LogPool`]: 'none',
    [`${name}LogProtocol`]: 'mds-udp',
    [`${name}LogTemplate`]: 'none',
    [`${name}Logging`]: 'disabled',
  };
}

const yes = (name: string): ReturnType<typeof word> => word(name, ['yes', 'no']);
const no = (name: string): ReturnType<typeof word> => word(name, ['no', 'yes']);

/** Profiles that write logs (defaults K). */
export const logProfileKinds: readonly Kind[] = [
  profileKind({
    name: 'request-log',
    type: 'Request Logging Profile',
    root: 'request-log',
    defaults: {
      ...half('request'),
      ...half('response'),
      logResponseByDefault: 'yes',
      proxyCloseOnError: 'no',
      proxyRespondOnLoggingError: 'no',
      proxyResponse: 'none',
    },
  }),
  defineKind({
    path: 'ltm/profile/dns-logging',
    type: 'DNS Logging Profile',
    class: 'profile',
    fields: [
      appService(),
      text('description'),
      yes('enableQueryLogging'),
      no('enableResponseLogging'),
      yes('includeCompleteAnswer'),
      no('includeQueryId'),
      yes('includeSource'),
      yes('includeTimestamp'),
      yes('includeView'),
      reference('logPublisher', { target: 'sys/log-config/publisher' }),
    ],
  }),
];

/** `ltm profile ocsp-stapling-params`: how the status of certificates is asked for (defaults K). */
export const ocspStaplingKind = defineKind({
  path: 'ltm/profile/ocsp-stapling-params',
  type: 'OCSP Stapling Parameters',
  class: 'ltm/profile/ocsp-stapling-params',
  fields: [
    integer('cacheErrorTimeout', 3600),
    text('cacheTimeout', { default: 'indefinite' }),
    integer('clockSkew', 300),
    reference('dnsResolver', { target: 'net/dns-resolver' }),
    reference('proxyServerPool', { target: 'ltm/pool' }),
    text('responderUrl'),
    word('signHash', ['sha256', 'sha1']),
    integer('statusAge', 0),
    toggle('strictRespCertCheck', 'enabled'),
    integer('timeout', 8),
    reference('trustedCa', { target: 'sys/file/ssl-cert' }),
    reference('trustedResponders', { target: 'sys/file/ssl-cert' }),
    toggle('useProxyServer'),
  ],
});
