import type { Config } from '../config/schema.ts';
import type { ClusterConfig, SourceConfig } from '../config/source-schema.ts';
import type { TargetConfig } from '../config/target-schema.ts';
import type { MonitorRule } from '../ir/pool.ts';
import type { FullPath } from '../ir/ref.ts';
import type { ProfileUse } from '../ir/virtual.ts';
import type { DnsPlace } from '../sources/kubernetes/extract/dns/options.ts';
import type { ExtractOptions, MemberMode } from '../sources/kubernetes/extract/options.ts';
import type { Defaults } from '../sources/values/defaults.ts';
import type { ApiServerOptions, KubernetesOptions, ManifestOptions } from '../sources/kubernetes/options.ts';
import { parseAddress } from '../ir/address.ts';
import { OUR_CLASS } from '../sources/kubernetes/extract/codeshare.ts';
import { ingressOptions } from '../sources/kubernetes/extract/ingress-options.ts';
import { scopesOf } from '../sources/pod-network/scopes.ts';
import { podNetworkOptions } from './pod-network-options.ts';
import { extractOptions } from '../sources/kubernetes/extract/options.ts';

/** What a Kubernetes source is made with, from the config; extraction knows the partition that it works for. */
export function kubernetesOptions(
  config: Config,
  {
    source,
    target,
    lentPools,
  }: {
    readonly source: ClusterConfig;
    readonly target: TargetConfig;
    readonly lentPools?: ReadonlySet<FullPath> | undefined;
  },
): KubernetesOptions {
  const { partition, routeDomain } = target.bigip;
  const { names, labels } = source.namespaces ?? {};
  return {
    from: connectionOf(source),
    ...(source.namespaces === undefined
      ? {}
      : { namespaces: { ...(names === undefined ? {} : { names }), ...(labels === undefined ? {} : { labels }) } }),
    nodes: source.members !== 'cluster' && source.members !== 'nodeportlocal',
    extract: extractOptions({
      source: source.name,
      partition,
      lentPools,
      ...(routeDomain === undefined ? {} : { routeDomain }),
      members: membersOf(source),
      loadBalancerClass: source.loadBalancerClass,
      claimUnclassed: source.claimUnclassed,
      annotationPrefix: source.annotationPrefix,
      annotations: source.annotations,
      naming: source.naming,
      nodeAddressType: source.nodeAddressType,
      addressPools: config.addressPools.map(({ namespaces, ...pool }) =>
        namespaces === undefined ? pool : Object.assign(pool, { namespaces }),
      ),
      defaults: defaultsOf(config),
      ...dnsOf(source, target),
      ...ingressOf(source),
    }),
    instance: config.instance,
    ...alsoReads({ source, target }),
    writeStatus: source.writeStatus,
    writeEvents: source.writeEvents,
  };
}

function alsoReads(of: {
  readonly source: SourceConfig;
  readonly target: TargetConfig;
}): Pick<KubernetesOptions, 'alsoReads'> {
  const network = podNetworkOptions(of);
  return network === undefined ? {} : { alsoReads: scopesOf(network) };
}

/** Where it is said how pods are reached, they are the members: else what leads to them would lead nobody there. */
function membersOf({ members, podNetwork }: ClusterConfig): MemberMode {
  return members === 'auto' && podNetwork !== undefined ? 'cluster' : members;
}

/** How the cluster is reached; the config has exactly one way. */
export function connectionOf({ kubernetes }: ClusterConfig): ApiServerOptions | ManifestOptions {
  const { kubeconfig, context, manifests } = kubernetes;
  if (manifests !== undefined) return { kind: 'manifests', folder: manifests };
  if (kubeconfig === undefined) return { kind: 'api', inCluster: true };
  return { kind: 'api', kubeconfig, ...(context === undefined ? {} : { context }) };
}

/** Left out where the device answers no DNS, or none for this source. */
function dnsOf(
  { dns: source }: SourceConfig,
  { dns: target }: TargetConfig,
): Pick<ExtractOptions, 'dns' | 'dnsElsewhere'> {
  const places = placesOf(target, source.datacenters);
  if (!source.enabled) return { dnsElsewhere: true };
  if (target === undefined || places.length === 0) return {};
  const { monitor, loadBalancing, ttl } = target;
  return {
    dns: {
      places,
      ...(source.suffix === undefined ? {} : { suffix: source.suffix }),
      ...(source.zones === undefined ? {} : { zones: source.zones }),
      externalDns: source.externalDns,
      ingress: source.ingress,
      ...(monitor === undefined ? {} : { monitor: { monitors: [monitor].flat() } }),
      poolMode: loadBalancing.datacenters,
      memberMode: loadBalancing.virtualServers,
      ttl,
    },
  };
}

function placesOf(dns: TargetConfig['dns'], wanted: readonly string[] | undefined): readonly DnsPlace[] {
  const all = (dns?.datacenters ?? []).map(({ name, server }, order) => ({
    datacenter: name,
    server: `/Common/${typeof server === 'string' ? server : server.name}`,
    order,
  }));
  return all.filter(({ datacenter }) => wanted === undefined || wanted.includes(datacenter));
}

function ingressOf({ annotations, ingress }: SourceConfig): Pick<ExtractOptions, 'ingress'> {
  const { enabled, controller, className, claimUnclassed, address, redirect, defaultSecret, secrets } = ingress;
  if (!enabled) return {};
  const named = className ?? (annotations === 'codeshare' ? OUR_CLASS : undefined);
  return {
    ingress: ingressOptions({
      controller,
      claimUnclassed,
      addresses: address?.split(',').flatMap((text) => parseAddress(text.trim()) ?? []) ?? [],
      redirect,
      ...(named === undefined ? {} : { className: named }),
      ...(defaultSecret === undefined ? {} : { defaultSecret }),
      ...(secrets === undefined ? {} : { secrets }),
    }),
  };
}

/** What a Service gets where its owner is silent. */
export function defaultsOf({ defaults }: Config): Defaults {
  const { snat, profiles, monitors, loadBalancingMode } = defaults;
  return {
    snat: snat === 'none' || snat === 'automap' ? { type: snat } : { type: 'snat', pool: snat },
    profiles: {
      tcp: profiles.tcp.map(toProfile),
      udp: profiles.udp.map(toProfile),
      sctp: profiles.sctp.map(toProfile),
      http: profiles.http.map(toProfile),
      l4: profiles.l4.map(toProfile),
    },
    monitors: { tcp: toMonitors(monitors.tcp), udp: toMonitors(monitors.udp), sctp: toMonitors(monitors.sctp) },
    ...(loadBalancingMode === undefined ? {} : { loadBalancingMode }),
  };
}

function toProfile(profile: string | ProfileUse): ProfileUse {
  return typeof profile === 'string' ? { path: profile, context: 'all' } : profile;
}

function toMonitors(value: Config['defaults']['monitors']['tcp']): MonitorRule | 'none' {
  if (value === 'none') return 'none';
  if (typeof value === 'string') return { monitors: [value] };
  return 'minimum' in value ? value : { monitors: value };
}
