import { isIP } from 'node:net';
import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { asText, integer, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

function gateway(): Field {
  return {
    name: 'gateway',
    parse: (value) => {
      const given = asText(value, 'gateway');
      if (given === '' || given === 'none') {
        return undefined;
      }
      if (isIP(given) === 0) {
        throw invalidValue('gateway', value);
      }
      return given;
    },
  };
}

/** `default`, or an address and a prefix. */
function network(): Field {
  return {
    name: 'network',
    default: 'default',
    createOnly: true,
    parse: (value) => {
      const given = asText(value, 'network');
      if (given === 'default' || given === 'default-inet6') {
        return given;
      }
      const [address = '', prefix = isIP(given) === 6 ? '128' : '32', ...more] = given.split('/');
      const family = isIP(address);
      if (family === 0 || more.length > 0 || !/^\d+$/v.test(prefix) || Number(prefix) > (family === 6 ? 128 : 32)) {
        throw invalidValue('network', value);
      }
      return `${address}/${prefix}`;
    },
  };
}

/** Routes of the management port (defaults K). */
export const managementRouteKind = defineKind({
  path: 'sys/management-route',
  type: 'management route',
  fields: [
    text('description'),
    gateway(),
    integer('mtu', 0, { max: 9198 }),
    network(),
    word('type', ['unicast', 'blackhole', 'interface'], { default: undefined }),
  ],
});
