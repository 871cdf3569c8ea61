import { grammarError, mcpError } from '../../errors/device-error.ts';
import { notFound } from '../../errors/mcp.ts';
import { folderOf, splitFullPath } from '../../names/full-path.ts';
import { networkOf, parsePrefix } from '../net/prefix.ts';
import { nameIn } from '../../verbs/identify.ts';
import { address } from '../fields/addresses.ts';
import { namedItems } from '../fields/items.ts';
import { references } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { enabledFlags } from './fields.ts';

const what =
  /^(?<not>not\s+)?(?<type>subnet|region|continent|country|state|isp|geoip-isp|datacenter|pool)\s+(?<value>\S.*)$/v;

/** One side of a record, `subnet 10.0.0.0/8`, `not country DE`, in the form that devices print. */
function readSide(given: string): string | undefined {
  const groups = what.exec(given.trim())?.groups;
  if (groups === undefined) {
    return undefined;
  }
  const { not, type = '', value = '' } = groups;
  let shown = value.trim();
  if (type === 'subnet') {
    const prefix = parsePrefix(shown, 0);
    if (prefix === undefined) {
      return undefined;
    }
    shown = `${networkOf(prefix).ip}/${prefix.length}`;
  } else if (type === 'region' || type === 'datacenter' || type === 'pool') {
    shown = shown.startsWith('/') ? shown : `/Common/${shown}`;
  }
  return `${not === undefined ? '' : 'not '}${type} ${shown}`;
}

/** The name of a record: `ldns: <what> server: <what>`. */
function readName(given: string): string | undefined {
  const match = /^ldns:\s*(?<ldns>.+?)\s+server:\s*(?<server>.+)$/v.exec(given.trim())?.groups;
  const ldns = readSide(match?.['ldns'] ?? '');
  const server = readSide(match?.['server'] ?? '');
  return ldns === undefined || server === undefined ? undefined : `ldns: ${ldns} server: ${server}`;
}

/** Regions: lists of networks, countries and other regions. */
export const regionKind = defineKind({
  path: 'gtm/region',
  type: 'region',
  fields: [appService(), text('description'), namedItems('regionMembers', readSide, { shape: 'phrases' })],
});

/** Topology records: named by their whole text, in no folder (fact sheet 8.13). */
export const topologyKind = defineKind({
  path: 'gtm/topology',
  type: 'topology',
  naming: 'flat',
  fields: [text('description'), integer('order', undefined), integer('score', 1)],
  hooks: {
    identify: (body) => {
      const name = readName(nameIn(body));
      if (name === undefined) {
        throw grammarError(`"${nameIn(body)}" must be of the form "ldns: <what> server: <what>"`);
      }
      return { name, fullPath: name };
    },
    alias: (fullPath) => readName(fullPath.replaceAll('~', '/')),
    prepare: ({ kind, values, before }, session) => {
      if (before === undefined) {
        values['order'] ??= session.store.collection(kind).size + 1;
      }
    },
  },
});

/** The profiles of a listener: only read, and written with all of the listener (K). */
const listenerProfileKind = defineKind({
  path: 'gtm/listener/profiles',
  type: 'profile',
  inline: 'profiles',
  fields: [],
  hooks: {
    identify: (body, session, scope) => {
      const { partition } = body;
      const name = nameIn(body);
      const given = name.startsWith('/') || typeof partition !== 'string' ? name : `/${partition}/${name}`;
      return splitFullPath(session.resolve('profile', given, folderOf(splitFullPath(scope))));
    },
    check: (item, session) => {
      if (session.store.lookup('profile', item.fullPath) === undefined) {
        throw notFound('profile', item.fullPath);
      }
    },
    indexes: (item) => [['ref:profile', item.fullPath]],
  },
});

/** Listeners: what of them clients read and write; no virtual server of `ltm` comes along (fact sheet 8.13). */
export const listenerKind = defineKind({
  path: 'gtm/listener',
  type: 'listener',
  fields: [
    address('address'),
    appService(),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    text('description'),
    enabledFlags(),
    word('ipProtocol', ['udp', 'tcp']),
    text('mask', { default: '255.255.255.255' }),
    integer('port', 53, { max: 65_535 }),
    word('sourcePort', ['preserve', 'preserve-strict', 'change']),
    word('translateAddress', ['disabled', 'enabled']),
    word('translatePort', ['disabled', 'enabled']),
    references('rules', { target: 'ltm/rule' }),
    references('vlans', { target: 'net/vlan' }),
  ],
  subs: [listenerProfileKind],
  hooks: {
    // f5-sdk tells a missing listener by these words (the rest K).
    missing: (fullPath) => mcpError(`01020036:3: The requested listener does not exist (${fullPath}).`, 400),
    prepare: ({ values, before, identity }) => {
      if (before === undefined && values['address'] === undefined) {
        throw grammarError(`"address" must be specified for listener (${identity.fullPath})`);
      }
    },
  },
});
