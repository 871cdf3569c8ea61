import { address } from './fields/addresses.ts';
import { flags } from './fields/flags.ts';
import { reference, references } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { readOnly, text, toggle, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** NATs: one address for another, both ways (defaults K; `translationAddress` is fixed at creation, fact sheet 4). */
export const natKind = defineKind({
  path: 'ltm/nat',
  type: 'NAT',
  fields: [
    appService(),
    toggle('arp', 'enabled'),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    text('description'),
    flags(['enabled', 'disabled'], { default: 'enabled' }),
    word('inheritedTrafficGroup', ['false', 'true']),
    address('originatingAddress'),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: '/Common/traffic-group-1' }),
    address('translationAddress', { createOnly: true }),
    readOnly('unit', 1),
    references('vlans', { target: 'net/vlan' }),
    flags(['vlansDisabled', 'vlansEnabled'], { default: 'vlansDisabled' }),
  ],
});
