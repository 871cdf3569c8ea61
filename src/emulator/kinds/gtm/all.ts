import type { Kind } from '../kind.ts';
import { datacenterKind } from './datacenter.ts';
import { gtmGlobalSettingsKinds } from './global-settings.ts';
import { gtmMonitorKinds } from './monitors.ts';
import { gtmPoolKinds } from './pools.ts';
import { gtmRuleKind } from './rule.ts';
import { serverKind } from './server.ts';
import { listenerKind, regionKind, topologyKind } from './topology.ts';
import { wideipKinds } from './wideips.ts';

/** Every kind of `gtm`; their paths are there while the module is provisioned. */
export const gtmKinds: readonly Kind[] = [
  ...gtmGlobalSettingsKinds,
  ...gtmMonitorKinds,
  gtmRuleKind,
  datacenterKind,
  serverKind,
  ...gtmPoolKinds,
  ...wideipKinds,
  regionKind,
  topologyKind,
  listenerKind,
];
