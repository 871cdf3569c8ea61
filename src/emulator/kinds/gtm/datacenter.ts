import { metadata } from '../fields/lists.ts';
import { appService } from '../fields/app-service.ts';
import { text, word } from '../fields/scalars.ts';
import { inUse } from '../../errors/mcp.ts';
import { defineKind } from '../kind.ts';
import { enabledFlags } from './fields.ts';

/** Data centers (fact sheet 8.13). The prober settings of 13.0 and later are as in the tmsh reference, unchecked (K). */
export const datacenterKind = defineKind({
  path: 'gtm/datacenter',
  type: 'datacenter',
  fields: [
    appService(),
    text('contact'),
    text('description'),
    enabledFlags(),
    text('location'),
    word('proberFallback', ['any-available', 'inside-datacenter', 'outside-datacenter', 'none', 'pool'], {
      since: '13.0',
    }),
    text('proberPool'),
    word('proberPreference', ['inside-datacenter', 'outside-datacenter', 'pool'], { since: '13.0' }),
    metadata(),
  ],
  hooks: {
    inUse: (datacenter, by) =>
      inUse({ type: 'datacenter', path: datacenter.fullPath }, { type: 'server', path: by.fullPath }),
  },
});
