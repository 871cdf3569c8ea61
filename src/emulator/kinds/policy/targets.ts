import { everyEvent, type TargetSpec } from './grammar.ts';

const onRequest = ['request', 'proxyRequest'] as const;
const onBoth = ['request', 'response'] as const;

/** A feature that can be switched. */
function feature(controls: string, events: TargetSpec['events'] = onRequest): TargetSpec {
  return { events, verbs: { enable: [], disable: [] }, controls };
}

/** What actions act on (the action grammar in the recordings, camel case). */
export const targets: Readonly<Record<string, TargetSpec>> = {
  asm: {
    events: ['request', 'clientAccepted', 'proxyRequest'],
    verbs: { enable: ['policy'], disable: [] },
    controls: 'asm',
  },
  avr: feature('avr'),
  botDefense: feature('bot-defense'),
  cache: feature('caching', onBoth),
  ce: { events: everyEvent, verbs: { classify: [] }, controls: 'classification' },
  classification: { events: everyEvent, verbs: { drop: [], reject: [] }, controls: 'classification' },
  compress: feature('compression', onBoth),
  decompress: feature('compression', onBoth),
  forward: {
    events: ['request', 'clientAccepted', 'sslClientHello', 'proxyRequest'],
    verbs: { select: [], reset: [] },
    controls: 'forwarding',
  },
  http: feature('http', onBoth),
  httpCookie: { events: onRequest, verbs: { insert: ['tmName'], remove: ['tmName'] } },
  httpHeader: {
    events: ['request', 'response', 'proxyRequest', 'proxyResponse'],
    verbs: { replace: ['tmName', 'value'], insert: ['tmName', 'value'], remove: ['tmName'] },
  },
  httpHost: { events: onRequest, verbs: { replace: ['value'] } },
  httpReferer: { events: onRequest, verbs: { replace: [], insert: ['value'], remove: [] } },
  httpReply: { events: ['request', 'response', 'proxyRequest'], verbs: { redirect: ['location'] } },
  httpSetCookie: { events: ['response'], verbs: { insert: ['tmName', 'value'], remove: ['tmName'] } },
  httpUri: { events: onRequest, verbs: { replace: [] } },
  l7dos: feature('l7dos'),
  log: { events: everyEvent, verbs: { write: [] } },
  ltmPolicy: { events: everyEvent, verbs: { disable: [] } },
  pem: { events: everyEvent, verbs: { classify: [] }, controls: 'pem' },
  persist: {
    events: ['clientAccepted', 'proxyRequest', 'request'],
    verbs: {
      sourceAddress: [],
      disable: [],
      destinationAddress: [],
      cookieInsert: [],
      cookieRewrite: [],
      cookiePassive: [],
      cookieHash: ['tmName'],
      universal: ['key'],
      hash: ['key'],
      carp: ['key'],
    },
    controls: 'persistence',
  },
  requestAdapt: feature('request-adaptation', onBoth),
  responseAdapt: feature('response-adaptation', onBoth),
  serverSsl: feature('server-ssl'),
  shutdown: {
    events: ['clientAccepted', ...everyEvent.filter((event) => event !== 'clientAccepted')],
    verbs: { connection: [] },
  },
  tcl: { events: everyEvent, verbs: { setVariable: ['tmName', 'expression'] } },
  tcpNagle: feature('tcp-nagle'),
  wam: feature('acceleration'),
  websocket: { events: ['wsRequest', 'wsResponse', 'request', 'response'], verbs: { enable: [], disable: [] } },
};
