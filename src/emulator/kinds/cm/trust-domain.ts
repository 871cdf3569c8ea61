import { readOnly, text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** The trust domain `Root`, which every box is in (K). Its devices are those of `cm device`. */
export const trustDomainKind = defineKind({
  path: 'cm/trust-domain',
  type: 'trust domain',
  fixed: true,
  fields: [text('description'), readOnly('status', 'standalone'), readOnly('trustGroup', '/Common/device_trust_group')],
  stock: [{ name: 'Root' }],
  hooks: {
    decorate: (rendered, _domain, { device }) => {
      const kind = device.kinds.byPath.get('cm/device');
      const devices = kind === undefined ? [] : [...device.store.collection(kind).list()];
      return { ...rendered, caDevices: devices.map((each) => each.fullPath) };
    },
  },
});
