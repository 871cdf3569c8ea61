import { readOnly, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type Box, type Kind, type StockObject } from '../kind.ts';
import { settingsKind } from './settings.ts';

/** The volume that the box runs from. */
function volumes({ version }: Box): readonly StockObject[] {
  const { full, build } = version;
  return [{ name: 'HD1.1', values: { active: true, basebuild: build, build, version: full } }];
}

/** Volumes, images and hotfixes (recorded on 12.1): a new box has one volume and no images. */
export const softwareKinds: readonly Kind[] = [
  defineKind({
    path: 'sys/software/volume',
    type: 'software volume',
    naming: 'flat',
    fixed: true,
    fields: [
      readOnly('active', undefined),
      readOnly('basebuild', undefined),
      readOnly('build', undefined),
      readOnly('product', 'BIG-IP'),
      readOnly('status', 'complete'),
      readOnly('version', undefined),
      readOnly('media', [{ name: 'HD1.1', defaultBootLocation: true, media: 'hd', size: 'default' }], { tail: true }),
    ],
    stock: volumes,
  }),
  // Archives: none can be made, but clients list them.
  defineKind({ path: 'sys/ucs', type: 'UCS archive', naming: 'flat', fixed: true, fields: [] }),
  defineKind({ path: 'sys/software/image', type: 'software image', naming: 'flat', fixed: true, fields: [] }),
  defineKind({ path: 'sys/software/hotfix', type: 'software hotfix', naming: 'flat', fixed: true, fields: [] }),
  settingsKind('sys/software/update', [
    toggle('autoCheck', 'enabled'),
    toggle('autoPhonehome', 'enabled'),
    text('description'),
    word('frequency', ['weekly', 'daily', 'monthly']),
  ]),
];
