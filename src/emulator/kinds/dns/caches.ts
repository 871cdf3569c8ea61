import type { Field } from '../field.ts';
import { reference } from '../fields/references.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { forwardZones, yesNo } from '../net/dns-resolver.ts';

/** Caches of all types share their names: DNS profiles point at them by name alone. */
const cacheClass = 'ltm/dns/cache';

const common: readonly Field[] = [
  yesNo('answerDefaultZones', 'no'),
  text('description'),
  integer('msgCacheSize', 1_048_576),
  integer('rrsetCacheSize', 10_485_760),
  word('rrsetRotate', ['none', 'query-id']),
];

const resolving: readonly Field[] = [
  integer('allowedQueryTime', 200),
  integer('maxConcurrentQueries', 1024),
  integer('maxConcurrentTcp', 20),
  integer('maxConcurrentUdp', 8192),
  integer('nameserverCacheCount', 16_536),
  yesNo('randomizeQueryNameCase', 'yes'),
  reference('routeDomain', { target: 'net/route-domain' }, { default: '/Common/0' }),
  integer('unwantedQueryReplyThreshold', 0),
  yesNo('useIpv4', 'yes'),
  yesNo('useIpv6', 'yes'),
  yesNo('useTcp', 'yes'),
  yesNo('useUdp', 'yes'),
  forwardZones(),
];

function cacheKind(name: string, fields: readonly Field[]): Kind {
  return defineKind({ path: `${cacheClass}/${name}`, type: 'DNS cache', class: cacheClass, fields });
}

/** Caches of DNS answers (the resolver as recorded on 13.1; the others K). */
export const dnsCacheKinds: readonly Kind[] = [
  cacheKind('resolver', [...common, ...resolving]),
  cacheKind('transparent', common),
  cacheKind('validating-resolver', [
    ...common,
    ...resolving,
    integer('keyCacheSize', 1_048_576),
    yesNo('ignoreCd', 'no'),
    yesNo('prefetchKey', 'yes'),
  ]),
];
