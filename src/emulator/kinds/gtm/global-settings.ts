import { fieldsFrom } from '../fields/from-defaults.ts';
import { word } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';

function settings(
  name: string,
  defaults: Readonly<Record<string, unknown>>,
  instead: Parameters<typeof fieldsFrom>[1],
): Kind {
  const path = `gtm/global-settings/${name}`;
  return defineKind({
    path,
    type: 'global settings',
    naming: 'singleton',
    fixed: true,
    fields: fieldsFrom(defaults, instead),
    stock: [{ name: path }],
  });
}

/** Settings of the whole of `gtm`: `general` as recorded on 13.1, `load-balancing` and `metrics` as in the tmsh reference, unchecked (K). */
export const gtmGlobalSettingsKinds: readonly Kind[] = [
  settings(
    'general',
    {
      autoDiscovery: 'yes',
      autoDiscoveryInterval: 30,
      automaticConfigurationSaveTimeout: 15,
      cacheLdnsServers: 'yes',
      drainPersistentRequests: 'yes',
      forwardStatus: 'disabled',
      gtmSetsRecursion: 'no',
      heartbeatInterval: 10,
      monitorDisabledObjects: 'no',
      nethsmTimeout: 20,
      sendWildcardRrs: 'disabled',
      staticPersistCidrIpv4: 32,
      staticPersistCidrIpv6: 128,
      synchronization: 'no',
      synchronizationGroupName: 'default',
      synchronizationTimeTolerance: 10,
      synchronizationTimeout: 180,
      synchronizeZoneFiles: 'no',
      synchronizeZoneFilesTimeout: 300,
      virtualsDependOnServerState: 'yes',
    },
    [word('domainNameCheck', ['allow-underscore', 'idn-compatible', 'none', 'strict'])],
  ),
  settings(
    'load-balancing',
    {
      ignorePathTtl: 'no',
      respectFallbackDependency: 'no',
      topologyLongestMatch: 'yes',
      topologyPreferEdns0ClientSubnet: 'no',
      verifyVsAvailability: 'no',
    },
    [],
  ),
  settings(
    'metrics',
    {
      defaultProbeLimit: 12,
      hopsPacketLength: 64,
      hopsSampleCount: 3,
      hopsTimeout: 3,
      hopsTtl: 604_800,
      inactiveLdnsTtl: 2_419_200,
      inactivePathsTtl: 604_800,
      ldnsUpdateInterval: 20,
      maxSynchronousMonitorRequests: 20,
      metricsCaching: 3600,
      metricsCollectionProtocols: ['icmp'],
      pathTtl: 2400,
      pathsRetry: 120,
    },
    [],
  ),
];
