import { cliScriptResource } from './cli-script.ts';
import { bashResource, configResource } from './commands.ts';
import { addToTrustResource, cmResource, configSyncResource, deviceResource, removeFromTrustResource } from './cm.ts';
import { failoverResource, failoverStateResource } from './failover.ts';
import { availableResource, clockResource, cliVersionResource, readyResource, versionResource } from './status.ts';
import { cryptoCertsResource, cryptoKeysResource } from './crypto.ts';
import { unixFileResources } from './unix-files.ts';
import { failoverStatusResource, syncStatusResource } from './pair-status.ts';
import { machineResources } from './machine.ts';
import { trafficResources } from './traffic.ts';
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
  cmResource,
  configSyncResource,
  deviceResource,
  addToTrustResource,
  removeFromTrustResource,
  failoverResource,
  failoverStateResource,
  ...machineResources,
  ...trafficResources,
  bashResource,
  cliScriptResource,
  cryptoCertsResource,
  cryptoKeysResource,
  ...unixFileResources,
];
