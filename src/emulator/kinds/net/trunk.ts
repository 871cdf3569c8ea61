import { configurationError, inUse } from '../../errors/mcp.ts';
import type { Device } from '../../session/device.ts';
import type { ConfigObject } from '../../store/object.ts';
import type { Session } from '../../session/session.ts';
import { flatReferences } from '../fields/items.ts';
import { readOnly, text, toggle, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** Megabits a second of one interface of the emulated box. */
const speed = 10_000;

function membersOf(trunk: ConfigObject): readonly string[] {
  const members = trunk.values['interfaces'];
  return Array.isArray(members) ? members.map(String) : [];
}

/** How many interfaces of a trunk there are, and how many have a link: those that are not disabled. */
export function workingMembers(
  trunk: ConfigObject,
  { store }: Pick<Device, 'store'>,
): { readonly working: number; readonly members: number } {
  const members = membersOf(trunk);
  const isDown = (name: string): boolean => store.lookup('net/interface', name)?.values['enabled'] === 'disabled';
  return { working: members.filter((name) => !isDown(name)).length, members: members.length };
}

/** An interface is in one trunk. The text has no recording (K). */
function check(trunk: ConfigObject, session: Session): void {
  for (const member of membersOf(trunk)) {
    for (const other of session.store.find('ref:net/interface', member)) {
      if (other.kind === trunk.kind && other.fullPath !== trunk.fullPath) {
        throw configurationError(`Interface (${member}) is already a member of trunk (${other.name})`);
      }
    }
  }
}

/** Trunks of interfaces; links are up unless the interface is disabled (fact sheet 8.12). */
export const trunkKind = defineKind({
  path: 'net/trunk',
  type: 'trunk',
  naming: 'flat',
  fields: [
    { ...readOnly('bandwidth', 0), print: (_value, _context, trunk) => speed * membersOf(trunk).length },
    { ...readOnly('cfgMbrCount', 0), print: (_value, _context, trunk) => membersOf(trunk).length },
    text('description'),
    word('distributionHash', ['dst-mac', 'src-dst-mac', 'src-dst-ipport']),
    readOnly('id', 0),
    toggle('lacp'),
    word('lacpMode', ['active', 'passive']),
    word('lacpTimeout', ['long', 'short']),
    word('linkSelectPolicy', ['auto', 'maximum-bandwidth']),
    readOnly('macAddress', '02:00:00:00:01:00'),
    { ...readOnly('media', '0'), print: (_value, _context, trunk) => (membersOf(trunk).length > 0 ? `${speed}` : '0') },
    text('qinqEthertype', { default: '0x8100' }),
    toggle('stp', 'enabled'),
    readOnly('type', 'normal'),
    { ...readOnly('workingMbrCount', 0), print: (_value, { device }, trunk) => workingMembers(trunk, device).working },
    flatReferences('interfaces', { target: 'net/interface' }),
  ],
  hooks: {
    prepare: ({ kind, values, before }, session) => {
      if (before === undefined) {
        const used = new Set([...session.store.collection(kind).list()].map((trunk) => trunk.values['id'] ?? 0));
        let id = 0;
        while (used.has(id)) {
          id += 1;
        }
        values['id'] = id;
      }
    },
    check,
    inUse: (trunk, by) =>
      inUse({ type: 'trunk', path: trunk.fullPath }, { type: 'VLAN', path: by.scope === '' ? by.fullPath : by.scope }),
  },
});
