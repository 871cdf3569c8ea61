import { profileKind } from './profile-kind.ts';

/** HTTP Compression Profile: defaults of 13.1. */
export const httpCompressionProfileKind = profileKind({
  name: 'http-compression',
  type: 'HTTP Compression Profile',
  root: 'httpcompression',
  defaults: {
    allowHttp_10: 'disabled',
    browserWorkarounds: 'disabled',
    bufferSize: 4096,
    contentTypeExclude: [],
    contentTypeInclude: ['text/', 'application/(xml|x-javascript)'],
    cpuSaver: 'enabled',
    cpuSaverHigh: 90,
    cpuSaverLow: 75,
    gzipLevel: 1,
    gzipMemoryLevel: 8192,
    gzipWindowSize: 16384,
    keepAcceptEncoding: 'disabled',
    methodPrefer: 'gzip',
    minSize: 1024,
    selective: 'disabled',
    uriExclude: [],
    uriInclude: ['.*'],
    varyHeader: 'enabled',
  },
  stock: [{ name: 'wan-optimized-compression' }],
});
