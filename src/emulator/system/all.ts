import { bashResource, configResource, configSyncResource } from './commands.ts';
import {
  availableResource,
  clockResource,
  cliVersionResource,
  failoverStatusResource,
  readyResource,
  syncStatusResource,
  versionResource,
} from './status.ts';
import type { SystemResource } from './system-resource.ts';

/** Every resource under `/mgmt/tm` that is not a configuration object. */
export const systemResources: readonly SystemResource[] = [
  versionResource,
  readyResource,
  availableResource,
  clockResource,
  cliVersionResource,
  syncStatusResource,
  failoverStatusResource,
  configResource,
  configSyncResource,
  bashResource,
];
