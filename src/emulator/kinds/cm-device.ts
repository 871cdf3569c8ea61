import { invalidValue } from '../errors/mcp.ts';
import { parseAddress } from '../names/address.ts';
import type { Field } from './field.ts';
import { integer, readOnly, text } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** An address that heartbeats go to, with the port; `management-ip` is that of the device. */
function unicast(given: unknown): Readonly<Record<string, unknown>> {
  const { ip, port = 1026 } = (typeof given === 'object' ? (given ?? {}) : {}) as Record<string, unknown>;
  if (typeof ip !== 'string' || (ip !== 'management-ip' && parseAddress(ip, 0) === undefined)) {
    throw invalidValue('ip', ip ?? '');
  }
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw invalidValue('port', port);
  }
  return { effectiveIp: ip, effectivePort: number, ip, port: number };
}

/** Where the others send their heartbeats (fact sheet 8.16). */
const unicastAddress: Field = {
  name: 'unicastAddress',
  tail: true,
  shape: 'list',
  parse: (value) => {
    if (value === null || value === '' || value === 'none') {
      return undefined;
    }
    if (!Array.isArray(value)) {
      throw invalidValue('unicast-address', value);
    }
    return value.length === 0 ? undefined : value.map(unicast);
  },
};

/** Devices: this one (fact sheet 8.16). */
export const deviceKind = defineKind({
  path: 'cm/device',
  type: 'device',
  fixed: true,
  fields: [
    readOnly('activeModules', ['LTM, 10 Gbps, VE']),
    readOnly('baseMac', '02:00:00:00:00:01'),
    readOnly('build', undefined),
    readOnly('cert', '/Common/dtdi.crt'),
    readOnly('chassisId', '00000000-0000-0000-000000000000'),
    readOnly('chassisType', 'individual'),
    text('configsyncIp', { default: 'none' }),
    text('description'),
    readOnly('edition', 'Final'),
    readOnly('failoverState', 'active'),
    readOnly('haCapacity', 0),
    readOnly('hostname', undefined),
    readOnly('key', '/Common/dtdi.key'),
    readOnly('managementIp', '127.0.0.1'),
    readOnly('marketingName', 'BIG-IP Virtual Edition'),
    text('mirrorIp', { default: 'any6' }),
    text('mirrorSecondaryIp', { default: 'any6' }),
    text('multicastIp', { default: 'any6' }),
    integer('multicastPort', 0, { max: 65_535 }),
    text('multicastInterface'),
    readOnly('optionalModules', []),
    readOnly('platformId', 'Z100'),
    readOnly('product', 'BIG-IP'),
    readOnly('selfDevice', 'true'),
    readOnly('timeLimitedModules', []),
    readOnly('timeZone', 'UTC'),
    readOnly('version', undefined),
    unicastAddress,
  ],
  stock: ({ hostname, managementIp, version: { full, build } }) => [
    {
      name: hostname,
      values: { hostname, version: full, build, ...(managementIp === undefined ? {} : { managementIp }) },
    },
  ],
  hooks: {
    decorate: (rendered, { fullPath }, { device }) =>
      device.pair === undefined ? rendered : { ...rendered, failoverState: device.pair.failoverState(fullPath) },
  },
});
