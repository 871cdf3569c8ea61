import { flags } from '../fields/flags.ts';
import { defineKind } from '../kind.ts';

/** Features beside modules: `cgnat` is off on a new box (K). */
export const featureModuleKind = defineKind({
  path: 'sys/feature-module',
  type: 'feature module',
  naming: 'flat',
  fixed: true,
  fields: [flags(['disabled', 'enabled'], { default: 'disabled' })],
  stock: [{ name: 'cgnat' }],
});
