import { invalidValue } from '../../errors/mcp.ts';
import { canonicalAddress, parseAddress, printAddress } from '../../names/address.ts';
import { asNames } from '../fields/lists.ts';
import { reference } from '../fields/references.ts';
import { asText, readOnly, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

const local = '/Common/traffic-group-local-only';

/** Self IPs: `ip[%rd]/len` on a VLAN (fact sheet 8.12). */
export const selfKind = defineKind({
  path: 'net/self',
  type: 'self IP',
  fields: [
    {
      name: 'address',
      createOnly: true,
      parse: (value, context) => {
        const [host = '', length = ''] = asText(value, 'address').split('/');
        const parsed = parseAddress(host, context.routeDomain);
        if (parsed === undefined || !/^\d{1,3}$/v.test(length)) {
          throw invalidValue('address', value);
        }
        return `${canonicalAddress(parsed)}/${length}`;
      },
      print: (value, { routeDomain }) => {
        const [host = '', length = ''] = String(value).split('/');
        return `${printAddress(host, routeDomain)}/${length}`;
      },
    },
    readOnly('addressSource', 'from-user', { since: '13.0' }),
    text('appService'),
    text('description'),
    readOnly('floating', 'disabled'),
    word('inheritedTrafficGroup', ['false', 'true']),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: local }),
    readOnly('unit', 0),
    reference('vlan', { target: 'net/vlan' }),
    {
      name: 'allowService',
      tail: true,
      parse: (value) => {
        if (value === 'all') {
          return 'all';
        }
        const names = asNames(value, 'allow-service');
        return names.length === 0 ? undefined : names;
      },
    },
  ],
  hooks: {
    prepare: ({ values }) => {
      const floats = values['trafficGroup'] !== undefined && values['trafficGroup'] !== local;
      values['floating'] = floats ? 'enabled' : undefined;
      values['unit'] = floats ? 1 : undefined;
    },
  },
});
