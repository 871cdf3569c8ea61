import { text } from '../fields/scalars.ts';
import type { Kind } from '../kind.ts';
import { profileKind } from './profile-kind.ts';

const statisticsFields = Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`field${at + 1}`, 'none']));

const acceleration = {
  applications: [],
  cacheAgingRate: 9,
  cacheClientCacheControlMode: 'all',
  cacheInsertAgeHeader: 'enabled',
  cacheMaxAge: 3600,
  cacheMaxEntries: 10_000,
  cacheObjectMaxSize: 50_000,
  cacheObjectMinSize: 500,
  cacheSize: '100mb',
  cacheUriExclude: [],
  cacheUriInclude: ['.*'],
  cacheUriIncludeOverride: [],
  cacheUriPinned: [],
  metadataCacheMaxSize: '25mb',
};

/** Profiles that look at or change what messages hold (defaults K). */
export const contentProfileKinds: readonly Kind[] = [
  profileKind({
    name: 'html',
    type: 'HTML Profile',
    root: 'html',
    defaults: { contentDetection: 'disabled', contentSelection: ['text/html', 'text/xhtml'], rules: [] },
  }),
  profileKind({
    name: 'statistics',
    type: 'Statistics Profile',
    root: 'stats',
    defaults: statisticsFields,
  }),
  profileKind({
    name: 'stream',
    type: 'Stream Profile',
    root: 'stream',
    defaults: { chunkSize: 4096, chunking: 'disabled' },
    fields: [text('source', { default: 'none' }), text('tmTarget', { default: 'none' })],
  }),
  profileKind({
    name: 'web-acceleration',
    type: 'Web Acceleration Profile',
    root: 'webacceleration',
    defaults: acceleration,
    stock: [
      { name: 'optimized-acceleration', values: { cacheMaxAge: 86_400, cacheMaxEntries: 25_000 } },
      { name: 'optimized-caching', values: { cacheMaxEntries: 10_000, cacheObjectMaxSize: 2_000_000 } },
    ],
  }),
  profileKind({
    name: 'xml',
    type: 'XML Profile',
    root: 'xml',
    defaults: { multipleQueryMatches: 'disabled', namespaceMappings: [], xpathQueries: [] },
  }),
];
