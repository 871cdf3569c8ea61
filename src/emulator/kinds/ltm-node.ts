import { mcpError } from '../errors/device-error.ts';
import { fromCanonical, parseAddress, canonicalAddress } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import type { Session } from '../session/session.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { address, readWildcard } from './fields/addresses.ts';
import { appService } from './fields/app-service.ts';
import { fqdn, fqdnName, keepFqdn } from './fields/fqdn.ts';
import { metadata } from './fields/lists.ts';
import { monitorRule } from './fields/monitor-rule.ts';
import { integer, numberOrWord, readOnly, text, toggle, word } from './fields/scalars.ts';
import { defineKind, type Draft } from './kind.ts';
import { nodeHealth, nodeMonitor } from './node-status.ts';

/** Refuses an address that another node has, box-wide per route domain. */
function refuseTakenAddress(draft: Draft, session: Session): void {
  const stored = String(draft.values['address']);
  const other = session.store.first('node-address', stored);
  if (other !== undefined && other.fullPath !== draft.identity.fullPath) {
    const { ip, routeDomain } = fromCanonical(stored);
    const shown = routeDomain === 0 ? ip : stored;
    throw mcpError(
      `0107003b:3: Pool member node (${draft.identity.fullPath}) and existing node (${other.fullPath}) cannot use the same IP Address (${shown}).`,
    );
  }
}

function fillAddress(draft: Draft, session: Session): void {
  const given = draft.values['address'];
  if (typeof given === 'string' && readWildcard(given) === undefined) {
    refuseTakenAddress(draft, session);
    return;
  }
  if (fqdnName(draft.values['fqdn']) !== undefined) {
    draft.values['address'] = 'any6';
    return;
  }
  const named = parseAddress(draft.identity.name, session.routeDomainOf(draft.identity.partition));
  if (named === undefined) {
    throw mcpError(
      `01070734:3: Configuration error: node (${draft.identity.fullPath}) must have an address or an fqdn`,
    );
  }
  draft.values['address'] = canonicalAddress(named);
  refuseTakenAddress(draft, session);
}

function nodeState(node: ConfigObject, device: Device): string {
  if (textOf(node, 'state') === 'user-down') {
    return 'user-down';
  }
  return fqdnName(node.values['fqdn']) === undefined ? nodeHealth(node, device) : 'fqdn-up';
}

function nodeSession(node: ConfigObject, device: Device): string {
  if (textOf(node, 'session') === 'user-disabled') {
    return 'user-disabled';
  }
  const isMonitored = nodeMonitor(node, device) !== undefined;
  return isMonitored && textOf(node, 'state') !== 'user-down' ? 'monitor-enabled' : 'user-enabled';
}

/** Nodes: addresses that members use (fact sheet 8.1). An address belongs to one node of the box. */
export const nodeKind = defineKind({
  path: 'ltm/node',
  type: 'Node',
  fields: [
    address('address', { createOnly: true }),
    appService(),
    integer('connectionLimit', 0),
    text('description'),
    integer('dynamicRatio', 1),
    readOnly('ephemeral', 'false'),
    fqdn({ addressFamily: 'ipv4', autopopulate: 'disabled', downInterval: 5, interval: '3600' }),
    toggle('logging'),
    monitorRule(true),
    numberOrWord('rateLimit', 'disabled', { words: ['disabled'] }),
    integer('ratio', 1, { min: 1, max: 65_535 }),
    {
      ...word('session', ['user-enabled', 'user-disabled']),
      print: (_value, { device }, node) => nodeSession(node, device),
    },
    { ...word('state', ['user-up', 'user-down']), print: (_value, { device }, node) => nodeState(node, device) },
    metadata(),
  ],
  hooks: {
    prepare: (draft, session) => {
      keepFqdn(draft);
      if (draft.before === undefined) {
        fillAddress(draft, session);
      }
    },
    inUse: (node, by) =>
      mcpError(`01070110:3: Node address '${node.fullPath}' is referenced by a member of pool '${by.scope}'.`),
    indexes: (node) => {
      const stored = textOf(node, 'address');
      return stored === undefined || readWildcard(stored) !== undefined ? [] : [['node-address', stored]];
    },
  },
});
