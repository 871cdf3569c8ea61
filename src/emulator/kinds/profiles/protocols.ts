import { reference } from '../fields/references.ts';
import { secret } from '../fields/secret.ts';
import { word } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { profileKind, type ProfileSpec } from './profile-kind.ts';

/** Whether TLS may or must be started within the protocol. */
const startTls = { activationMode: 'require' };
const logging = { logProfile: 'none', logPublisher: 'none' };

/** Profiles that are a name, a root, and plain defaults (K, as in the tmsh reference, unchecked). */
const specs: readonly ProfileSpec[] = [
  {
    name: 'certificate-authority',
    type: 'Certificate Authority Profile',
    root: 'certificateauthority',
    defaults: { authenticateDepth: 9, caFile: 'none', crlFile: 'none', updateCrl: 'disabled' },
  },
  {
    name: 'classification',
    type: 'Classification Profile',
    root: 'classification',
    defaults: {
      appDetection: 'on',
      avrPublisher: 'none',
      avrStatCollect: 'off',
      iruleEvent: 'off',
      logPublisher: 'none',
      logUnclassifiedDomain: 'off',
      preset: '/Common/ce',
      urlCategorization: 'off',
    },
  },
  { name: 'client-ldap', type: 'Client LDAP Profile', root: 'clientldap', defaults: startTls },
  { name: 'server-ldap', type: 'Server LDAP Profile', root: 'serverldap', defaults: startTls },
  {
    name: 'fix',
    type: 'FIX Profile',
    root: 'fix',
    defaults: {
      errorAction: 'dont-forward',
      fullLogonParsing: 'true',
      messageLogPublisher: 'none',
      quickParsing: 'false',
      reportLogPublisher: 'none',
      responseParsing: 'false',
      senderTagClass: [],
      statisticsSampleInterval: 20,
    },
  },
  { name: 'gtp', type: 'GTP Profile', root: 'gtp', defaults: { ingressMax: 128 } },
  {
    name: 'iiop',
    type: 'IIOP Profile',
    root: 'iiop',
    defaults: { abortOnTimeout: 'disabled', persistObjectKey: 'disabled', persistRequestId: 'enabled' },
  },
  { name: 'ipother', type: 'IP Other Profile', root: 'ipother', defaults: { idleTimeout: '60' } },
  {
    name: 'ipsecalg',
    type: 'IPsecALG Profile',
    root: 'ipsecalg',
    defaults: { idleTimeout: 3600, initialConnectionTimeout: 30, pendingIkeConnectionLimit: 0, ...logging },
  },
  {
    name: 'mblb',
    type: 'MBLB Profile',
    root: 'mblb',
    defaults: {
      egressHigh: 50,
      egressLow: 5,
      ingressHigh: 50,
      ingressLow: 5,
      isolateAbort: 'disabled',
      isolateClient: 'disabled',
      isolateExpire: 'disabled',
      isolateServer: 'disabled',
      minConn: 0,
      shutdownTimeout: 5,
      tagTtl: 60,
    },
  },
  {
    name: 'mssql',
    type: 'MS SQL Profile',
    root: 'mssql',
    defaults: { readPool: 'none', readWriteSplit: 'disabled', userCanWriteByDefault: 'true', userList: [] },
  },
  { name: 'netflow', type: 'NetFlow Profile', root: 'netflow', defaults: {} },
  {
    name: 'ntlm',
    type: 'NTLM Profile',
    root: 'ntlm',
    defaults: {
      insertCookieDomain: 'none',
      insertCookieName: 'NTLMconnpool',
      keyByCookie: 'disabled',
      keyByCookieName: 'none',
      keyByDomain: 'disabled',
      keyByIpAddress: 'disabled',
      keyByTarget: 'disabled',
      keyByUser: 'enabled',
      keyByWorkstation: 'disabled',
    },
    fields: [secret('insertCookiePassphrase')],
  },
  {
    name: 'pcp',
    type: 'PCP Profile',
    root: 'pcp',
    defaults: {
      announceAfterFailover: 'disabled',
      announceMulticast: 10,
      mapFilterLimit: 1,
      mapLimitPerClient: 65_535,
      mapMaxLifetime: 86_400,
      mapMinLifetime: 120,
      mapRecycleDelay: 60,
      rule: 'none',
      thirdPartyOption: 'disabled',
    },
  },
  {
    name: 'pptp',
    type: 'PPTP Profile',
    root: 'pptp',
    defaults: { csvFormat: 'disabled', includeDestinationIp: 'disabled', publisherName: 'none' },
  },
  { name: 'qoe', type: 'QoE Profile', root: 'qoe', defaults: { video: 'false' } },
  {
    name: 'radius',
    type: 'RADIUS Profile',
    root: 'radiusLB',
    defaults: { clients: [], persistAvp: 'none', subscriberDiscovery: 'disabled' },
    stock: [{ name: 'radiusLB-subscriber-aware', values: { subscriberDiscovery: 'enabled' } }],
  },
  {
    name: 'rtsp',
    type: 'RTSP Profile',
    root: 'rtsp',
    defaults: {
      checkSource: 'enabled',
      idleTimeout: '300',
      ...logging,
      maxHeaderSize: 4096,
      maxQueuedData: 32_768,
      multicastRedirect: 'disabled',
      proxy: 'none',
      proxyHeader: 'none',
      realHttpPersistence: 'enabled',
      rtcpPort: 0,
      rtpPort: 0,
      sessionReconnect: 'disabled',
      unicastRedirect: 'disabled',
    },
  },
  { name: 'smtp', type: 'SMTP Profile', root: 'smtp', defaults: { security: 'disabled' } },
  { name: 'smtps', type: 'SMTPS Profile', root: 'smtps', defaults: startTls },
  {
    name: 'socks',
    type: 'SOCKS Profile',
    root: 'socks',
    defaults: { ipv6: 'no', protocolVersions: ['socks4', 'socks4a', 'socks5'] },
    fields: [
      word('defaultConnectHandling', ['deny', 'allow']),
      reference('dnsResolver', { target: 'net/dns-resolver' }, { default: 'none' }),
      reference('routeDomain', { target: 'net/route-domain' }, { default: 'none' }),
      reference('tunnelName', { target: 'net/vlan' }, { default: '/Common/socks-tunnel' }),
    ],
  },
  {
    name: 'spdy',
    type: 'SPDY Profile',
    root: 'spdy',
    defaults: {
      activationMode: 'npn',
      compressionLevel: 0,
      compressionWindowSize: 8,
      concurrentStreamsPerConnection: 10,
      connectionIdleTimeout: 300,
      frameSize: 2048,
      insertHeader: 'disabled',
      insertHeaderName: 'X-SPDY',
      priorityHandling: 'strict',
      protocolVersions: ['spdy3.1', 'spdy3', 'spdy2', 'http1.1'],
      receiveWindow: 32,
      writeSize: 16_384,
    },
  },
  { name: 'tftp', type: 'TFTP Profile', root: 'tftp', defaults: { idleTimeout: '300', ...logging } },
];

/** Profiles of protocols that the data plane forwards and does not look into. */
export const protocolProfileKinds: readonly Kind[] = specs.map(profileKind);
