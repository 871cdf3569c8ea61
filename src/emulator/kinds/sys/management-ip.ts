import { text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** Addresses of the management port: that of a new box (fact known from the vendor's manuals, K). */
export const managementIpKind = defineKind({
  path: 'sys/management-ip',
  type: 'management ip',
  naming: 'flat',
  fields: [text('description')],
  hooks: { alias: (fullPath) => fullPath.replace('~', '/') },
  stock: [{ name: '192.168.1.245/24', values: { description: 'configured-statically' } }],
});
