import { appService } from './fields/app-service.ts';
import { integer, text } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** Traffic classes: what of the traffic has a name (defaults K). */
export const trafficClassKind = defineKind({
  path: 'ltm/traffic-class',
  type: 'Traffic Class',
  fields: [
    appService(),
    text('classification'),
    text('description'),
    text('destinationAddress', { default: 'any' }),
    text('destinationMask', { default: 'any' }),
    integer('destinationPort', 0, { max: 65_535 }),
    text('protocol', { default: 'any' }),
    text('sourceAddress', { default: 'any' }),
    text('sourceMask', { default: 'any' }),
    integer('sourcePort', 0, { max: 65_535 }),
  ],
});
