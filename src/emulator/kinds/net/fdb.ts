import { alreadyExists, invalidValue } from '../../errors/mcp.ts';
import { parseAddress } from '../../names/address.ts';
import { splitFullPath } from '../../names/full-path.ts';
import { identityPart, type Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { nameIn } from '../../verbs/identify.ts';
import { asText, text } from '../fields/scalars.ts';
import { defineKind, type Draft, type Hooks, type Kind } from '../kind.ts';
import { readMac } from './mac.ts';

/** Records are named by their MAC address, in lower case. */
const macHooks: Pick<Hooks, 'identify' | 'alias'> = {
  identify: (body) => {
    const name = nameIn(body);
    const mac = readMac(name);
    if (mac === undefined) {
      throw invalidValue('mac-address', name);
    }
    return { name: mac, fullPath: mac };
  },
  alias: (fullPath) => readMac(fullPath),
};

/** An endpoint without the `%rd` that is the default of the tunnel's partition. */
function plainEndpoint({ values, scope }: Draft, session: Session): void {
  const endpoint = typeof values['endpoint'] === 'string' ? values['endpoint'] : '';
  const routeDomain = session.routeDomainOf(splitFullPath(scope).partition);
  const parsed = parseAddress(endpoint, routeDomain);
  if (parsed !== undefined) {
    values['endpoint'] = parsed.routeDomain === routeDomain ? parsed.ip : `${parsed.ip}%${parsed.routeDomain}`;
  }
}

/** Records of a tunnel: which endpoint a MAC address is behind. */
export const fdbTunnelRecordKind = defineKind({
  path: 'net/fdb/tunnel/records',
  type: 'FDB tunnel record',
  inline: 'records',
  naming: 'flat',
  fields: [
    text('description'),
    {
      name: 'endpoint',
      parse: (value) => {
        const given = asText(value, 'endpoint');
        if (parseAddress(given, 0) === undefined) {
          throw invalidValue('endpoint', value);
        }
        return given;
      },
    },
  ],
  hooks: {
    ...macHooks,
    prepare: plainEndpoint,
    check: (record) => {
      if (textOf(record, 'endpoint') === undefined) {
        throw invalidValue('endpoint', '');
      }
    },
  },
});

/** The forwarding table of each tunnel: there as long as the tunnel is (fact sheet 8.12). */
export const fdbTunnelKind = defineKind({
  path: 'net/fdb/tunnel',
  type: 'FDB tunnel',
  fixed: true,
  fields: [],
  subs: [fdbTunnelRecordKind],
  stock: [{ name: 'http-tunnel' }, { name: 'socks-tunnel' }],
});

/** Records of a VLAN: which interface or trunk a MAC address is behind. */
export const fdbVlanRecordKind = defineKind({
  path: 'net/fdb/vlan/records',
  type: 'FDB VLAN record',
  inline: 'records',
  naming: 'flat',
  fields: [text('description'), text('tmInterface'), text('trunk')],
  hooks: { ...macHooks },
});

/** The forwarding table of each VLAN: there as long as the VLAN is. */
export const fdbVlanKind = defineKind({
  path: 'net/fdb/vlan',
  type: 'FDB VLAN',
  fixed: true,
  fields: [],
  subs: [fdbVlanRecordKind],
});

/** Makes the forwarding table of a new tunnel or VLAN. */
export function addFdb(kind: Kind, owner: ConfigObject, session: Session): void {
  if (session.store.get(kind, owner.fullPath) !== undefined) {
    throw alreadyExists(kind.type, owner.fullPath, owner.partition ?? 'Common');
  }
  session.createAlong(kind, identityPart(owner), {});
}

/** Takes the forwarding table of a tunnel or VLAN away, with its records. */
export function dropFdb(kind: Kind, owner: ConfigObject, session: Session): void {
  const table = session.store.get(kind, owner.fullPath);
  if (table === undefined) {
    return;
  }
  for (const sub of kind.subs) {
    [...session.store.collection(sub, table.fullPath).list()].forEach((record) => session.drop(record));
  }
  session.drop(table);
}
