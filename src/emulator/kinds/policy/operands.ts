import { bothEvents, everyEvent, requestEvents, type Comparison, type OperandSpec } from './grammar.ts';

function texts(...names: readonly string[]): Readonly<Record<string, Comparison>> {
  return Object.fromEntries(names.map((name) => [name, 'text']));
}

function numbers(...names: readonly string[]): Readonly<Record<string, Comparison>> {
  return Object.fromEntries(names.map((name) => [name, 'number']));
}

const uriParts = {
  ...texts('all', 'extension', 'host', 'path', 'pathSegment', 'queryParameter', 'queryString', 'scheme'),
  ...texts('unnamedQueryParameter'),
  port: 'number',
} as const;

/** What conditions look at (the operand grammar in the recordings, camel case). */
export const operands: Readonly<Record<string, OperandSpec>> = {
  classification: {
    events: ['classificationDetected'],
    selectors: {
      ...texts('application', 'category', 'categoryId', 'urlCategory'),
      ...numbers('applicationId', 'applicationRisk', 'urlCategoryId'),
    },
    requires: 'classification',
  },
  clientSsl: {
    events: bothEvents,
    selectors: { ...texts('protocol', 'cipher'), ...numbers('cipherBits') },
    requires: 'client-ssl',
  },
  cpuUsage: { events: everyEvent, selectors: numbers('last_1min', 'last_15secs', 'last_5mins') },
  geoip: {
    events: everyEvent,
    selectors: texts('countryCode', 'continent', 'countryName', 'isp', 'org', 'regionCode', 'regionName'),
    requires: 'tcp',
  },
  httpBasicAuth: { events: requestEvents, selectors: texts('username', 'password') },
  httpConnect: { events: everyEvent, selectors: { host: 'text', port: 'number' } },
  httpCookie: { events: requestEvents, selectors: texts('all') },
  httpHeader: { events: bothEvents, selectors: texts('all') },
  httpHost: { events: requestEvents, selectors: { ...texts('all', 'host'), port: 'number' } },
  httpMethod: { events: requestEvents, selectors: texts('all') },
  httpReferer: { events: requestEvents, selectors: uriParts },
  httpSetCookie: {
    events: ['response', 'proxyResponse'],
    selectors: texts('value', 'domain', 'expiry', 'path', 'version'),
  },
  httpStatus: { events: ['response', 'proxyResponse'], selectors: { ...texts('all', 'text'), code: 'number' } },
  httpUri: { events: requestEvents, selectors: uriParts },
  httpUserAgent: {
    events: requestEvents,
    selectors: texts('browserType', 'browserVersion', 'deviceMake', 'deviceModel', 'userAgentToken'),
  },
  httpVersion: { events: bothEvents, selectors: { ...texts('all', 'protocol'), ...numbers('major', 'minor') } },
  sslCert: { events: ['sslServerHandshake'], selectors: texts('commonName') },
  sslExtension: {
    events: ['sslClientHello', 'sslServerHello'],
    selectors: texts('serverName', 'alpn', 'npn'),
  },
  tcp: {
    events: everyEvent,
    selectors: {
      address: 'address',
      ...numbers('mss', 'port', 'routeDomain', 'rtt', 'vlanId'),
      vlan: 'text',
    },
    requires: 'tcp',
  },
  websocket: { events: ['wsRequest', 'wsResponse'], selectors: texts('protocol', 'extension', 'version', 'key') },
};
