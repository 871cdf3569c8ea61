import { readOnly } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

/** The disk of the box (K: a virtual edition has one). */
export const logicalDiskKind = defineKind({
  path: 'sys/disk/logical-disk',
  type: 'logical disk',
  naming: 'flat',
  fixed: true,
  fields: [
    readOnly('mode', 'mixed'),
    readOnly('size', 81_920),
    readOnly('vgFree', 40_960),
    readOnly('vgInUse', 40_960),
    readOnly('vgReserved', 40),
  ],
  stock: [{ name: 'HD1' }],
});
