import { readOnly, text } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

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
    readOnly('multicastPort', 0),
    readOnly('optionalModules', []),
    readOnly('platformId', 'Z100'),
    readOnly('product', 'BIG-IP'),
    readOnly('selfDevice', 'true'),
    readOnly('timeLimitedModules', []),
    readOnly('timeZone', 'UTC'),
    readOnly('version', undefined),
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
