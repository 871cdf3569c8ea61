import { grammarError } from '../../errors/device-error.ts';
import { inUse, notFound } from '../../errors/mcp.ts';
import { address } from '../fields/addresses.ts';
import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { integer, readOnly, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type StockObject } from '../kind.ts';
import { addFdb, dropFdb, fdbTunnelKind } from './fdb.ts';
import { joinRouteDomain, leaveRouteDomain } from './route-domains.ts';
import { tunnelProfileClass } from './tunnel-profile.ts';

function builtin(name: string, use: string, ifIndex: number): StockObject {
  return { name, values: { description: `Tunnel for ${use} profile`, ifIndex, profile: '/Common/tcp-forward' } };
}

/**
 * Tunnels (fact sheet 8.12). They stand where VLANs stand: self IPs, route domains, routes and virtual servers point at
 * either, so both are of one class. Each has an entry in `net/fdb/tunnel`.
 */
export const tunnelKind = defineKind({
  path: 'net/tunnels/tunnel',
  type: 'tunnel',
  class: 'net/vlan',
  fields: [
    appService(),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    text('description'),
    integer('idleTimeout', 300),
    readOnly('ifIndex', undefined),
    integer('key', 0),
    address('localAddress', { default: 'any6' }),
    word('mode', ['bidirectional', 'inbound', 'outbound']),
    integer('mtu', 0, { max: 65_535 }),
    reference('profile', {
      target: tunnelProfileClass,
      missing: (_owner, target) => notFound('tunnel profile', target),
    }),
    address('remoteAddress', { default: 'any6' }),
    address('secondaryAddress', { default: 'any6' }),
    text('tos', { default: 'preserve' }),
    reference('trafficGroup', { target: 'cm/traffic-group' }),
    toggle('transparent'),
    toggle('usePmtu', 'enabled'),
  ],
  stock: [builtin('http-tunnel', 'http-explicit', 112), builtin('socks-tunnel', 'socks', 128)],
  hooks: {
    prepare: ({ values, before }, session) => {
      if (before === undefined) {
        values['ifIndex'] = 64 + session.nextSerial() * 16;
        if (values['profile'] === undefined) {
          throw grammarError('"profile" must be specified');
        }
      }
    },
    stored: (tunnel, before, session) => {
      if (before === undefined) {
        joinRouteDomain(tunnel, session);
        addFdb(fdbTunnelKind, tunnel, session);
      }
    },
    removed: (tunnel, session) => {
      leaveRouteDomain(tunnel.fullPath, session);
      dropFdb(fdbTunnelKind, tunnel, session);
    },
    inUse: (tunnel, by) => inUse({ type: 'tunnel', path: tunnel.fullPath }, { type: by.kind.type, path: by.fullPath }),
  },
});
