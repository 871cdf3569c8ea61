import { profileKind } from './profile-kind.ts';

/** HTTP/2 profiles: defaults of 13.1. */
export const http2ProfileKind = profileKind({
  name: 'http2',
  type: 'HTTP/2 Profile',
  root: 'http2',
  defaults: {
    activationModes: ['alpn'],
    concurrentStreamsPerConnection: 10,
    connectionIdleTimeout: 300,
    enforceTlsRequirements: 'enabled',
    frameSize: 2048,
    headerTableSize: 4096,
    includeContentLength: 'disabled',
    insertHeader: 'disabled',
    insertHeaderName: 'X-HTTP2',
    receiveWindow: 32,
    writeSize: 16_384,
  },
});
