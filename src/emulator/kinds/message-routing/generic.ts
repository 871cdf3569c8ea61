import { notFound } from '../../errors/mcp.ts';
import { objectUri, versioned } from '../../view/links.ts';
import { defaultsFrom, inheritHooks } from '../profiles/profile-kind.ts';
import { reference, references } from '../fields/references.ts';
import { integer, text, toggle, word } from '../fields/scalars.ts';
import { sourceTranslation } from '../fields/source-translation.ts';
import { defineKind, type Kind } from '../kind.ts';
import { yesNo } from '../net/dns-resolver.ts';

const base = 'ltm/message-routing/generic';

/** Parsers of a protocol: profiles, in the name space of all profiles. */
const protocolKind = defineKind({
  path: `${base}/protocol`,
  type: 'generic message protocol',
  class: 'profile',
  inherits: true,
  fields: [
    defaultsFrom('profile', { root: '/Common/genericmsg', shown: false }),
    text('description'),
    yesNo('disableParser', 'no'),
    integer('maxEgressBuffer', 32_768),
    integer('maxMessageSize', 32_768),
    text('messageTerminator'),
    yesNo('noResponse', 'no'),
  ],
  stock: [{ name: 'genericmsg' }],
  hooks: inheritHooks(`${base}/protocol`, '/Common/genericmsg', 'profile'),
});

const profilesKind = defineKind({
  path: `${base}/transport-config/profiles`,
  type: 'transport config profile',
  inline: 'profiles',
  fields: [],
  hooks: {
    check: ({ fullPath }, session) => {
      if (session.store.lookup('profile', fullPath) === undefined) {
        throw notFound('profile', fullPath);
      }
    },
    decorate: (rendered, { fullPath }, { device }) => {
      const profile = device.store.lookup('profile', fullPath);
      const link = profile === undefined ? undefined : versioned(objectUri(profile, device), device);
      return link === undefined ? rendered : { ...rendered, nameReference: { link } };
    },
    indexes: ({ fullPath }) => [['ref:profile', fullPath]],
  },
});

const transportConfigKind = defineKind({
  path: `${base}/transport-config`,
  type: 'generic transport config',
  fields: [
    text('description'),
    word('ipProtocol', ['tcp', 'udp', 'sctp']),
    sourceTranslation(),
    integer('sourcePort', 0, { max: 65_535 }),
    references('rules', { target: 'ltm/rule' }),
  ],
  subs: [profilesKind],
});

const peerKind = defineKind({
  path: `${base}/peer`,
  type: 'generic peer',
  fields: [
    toggle('autoInitialization'),
    integer('autoInitializationInterval', 5000),
    word('connectionMode', ['per-peer', 'per-blade', 'per-client', 'per-tmm']),
    text('description'),
    integer('numberConnections', 1, { max: 65_535 }),
    reference('pool', { target: 'ltm/pool' }),
    integer('ratio', 1),
    reference('transportConfig', { target: `${base}/transport-config` }),
  ],
});

const routeKind = defineKind({
  path: `${base}/route`,
  type: 'generic route',
  fields: [
    text('description'),
    text('destinationAddress'),
    word('peerSelectionMode', ['sequential', 'ratio']),
    text('sourceAddress'),
    references('peers', { target: `${base}/peer` }),
  ],
});

const routerKind = defineKind({
  path: `${base}/router`,
  type: 'generic router',
  class: 'profile',
  inherits: true,
  fields: [
    defaultsFrom('profile', { root: '/Common/messagerouter', shown: false }),
    text('description'),
    yesNo('ignoreClientPort', 'no'),
    word('inheritedTrafficGroup', ['true', 'false']),
    yesNo('iruleScopeMessage', 'no'),
    integer('maxPayloadPendingBytes', 32_768),
    integer('maxPendingBytes', 23_768),
    integer('maxPendingMessages', 64, { max: 65_535 }),
    integer('maxRetries', 1),
    toggle('mirror'),
    integer('mirroredMessageSweeperInterval', 1000),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: '/Common/traffic-group-1' }),
    yesNo('useLocalConnection', 'yes'),
    references('routes', { target: `${base}/route` }),
  ],
  stock: [{ name: 'messagerouter' }],
  hooks: inheritHooks(`${base}/router`, '/Common/messagerouter', 'profile'),
});

/** Routing of messages of any protocol, as recorded on 14.1 (the peer K). What is pointed at comes first. */
export const genericMessageKinds: readonly Kind[] = [
  protocolKind,
  transportConfigKind,
  peerKind,
  routeKind,
  routerKind,
];
