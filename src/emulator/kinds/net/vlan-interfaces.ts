import { configurationError, notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { flags } from '../fields/flags.ts';
import { appService } from '../fields/app-service.ts';
import { word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

function check(item: ConfigObject, session: Session): void {
  const { name } = item;
  const found = session.store.lookup('net/interface', name) ?? session.store.lookup('net/trunk', name);
  if (found === undefined) {
    throw notFound('interface', name);
  }
  if (item.values['tagged'] === 'tagged') {
    return;
  }
  for (const other of session.store.find('vlan-untagged', name)) {
    if (other.scope !== item.scope) {
      throw configurationError(`Interface (${name}) is already an untagged member of VLAN (${other.scope})`);
    }
  }
}

/**
 * The interfaces and trunks of a VLAN (fact sheet 8.12). An untagged one belongs to one VLAN. The texts for that, and for
 * an interface that is not there, have no recording (K).
 */
export const vlanInterfaceKind = defineKind({
  path: 'net/vlan/interfaces',
  type: 'VLAN member',
  inline: 'interfaces',
  naming: 'flat',
  fields: [
    appService(),
    word('tagMode', ['none', 'service', 'customer', 'double']),
    flags(['tagged', 'untagged'], { default: 'untagged' }),
  ],
  hooks: {
    check,
    indexes: (item) => [
      ['ref:net/interface', item.name],
      ['ref:net/trunk', item.name],
      ...(item.values['tagged'] === 'tagged' ? [] : [['vlan-untagged', item.name] as const]),
    ],
  },
});
