import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { ClusterConfig, SourceConfig } from '../config/source-schema.ts';
import type { TargetConfig, TargetDnsConfig } from '../config/target-schema.ts';
import { isCluster } from '../config/source-schema.ts';
import type { SyncOptions } from '../sync/options.ts';
import { CONFIG_SOURCE } from '../config/cross-check-dns.ts';
import type { BlobStore, Checksum } from '../ir/blob.ts';
import { createBlobStore } from '../desired/blob-store.ts';
import type { FullPath, Ref } from '../ir/ref.ts';
import { partitionOf } from '../ir/ref.ts';
import type { Scope, ScopeClause } from '../plan/scope.ts';
import { createScope, isPoolLetIn, poolsOf } from '../plan/scope.ts';
import type { Source } from '../sources/source.ts';
import { withSettings } from '../sources/source-settings.ts';
import { withoutPools } from '../sources/without-pools.ts';
import type { ExpectedServer } from '../targets/bigip/index.ts';
import type { Target } from '../targets/target.ts';
import { secretsOf } from './cluster-secret.ts';
import { dockerSourceOptions } from './docker-options.ts';
import { etcdSourceOptions } from './etcd-options.ts';
import { Failure } from './failure.ts';
import { fileOptions } from './file-options.ts';
import { stateOptions } from './state-options.ts';
import { httpSourceOptions } from './http-options.ts';
import { kubernetesOptions } from './kubernetes-options.ts';
import { logBigipEvent } from './log-bigip.ts';
import type { PodNetwork } from './pod-networks.ts';
import { makePodNetworks, throughOverlay } from './pod-networks.ts';
import { sqlOptions } from './sql-options.ts';

/** One device with its own copy of the sources: what one synchronisation is made of. */
export interface Lane {
  /** The target's name. */
  readonly name: string;
  readonly options: SyncOptions;
  /** Lets go of all connections. Never rejects for a reason that matters. */
  close(): Promise<void>;
}

/** What making lanes needs of the world. */
export interface LaneContext {
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** What a flag narrows the scope to. */
  readonly only?: readonly ScopeClause[] | undefined;
  /** No device will be asked: the files that this takes are not read. */
  readonly sourcesOnly?: true;
}

/** Makes the lanes of a config. */
export type LaneMaker = (config: Config, context: LaneContext) => Promise<readonly Lane[]>;

/** Config -> one lane a target, with sources, target and safety. Opens no connection yet. */
export async function makeLanes(config: Config, context: LaneContext): Promise<readonly Lane[]> {
  refuseToWiden(config, context.only);
  return await Promise.all(config.targets.map((target) => makeLane(config, target, context)));
}

/** A flag narrows what the config lets in: members of a pool that no target may write are not ours to write. */
function refuseToWiden({ targets }: Config, only: readonly ScopeClause[] | undefined): void {
  const isLetIn = (pool: string): boolean =>
    targets.some((target) => isPoolLetIn(pool, target.only, target.bigip.partition));
  const unknown = [...poolsOf(only)].find((pool) => !isLetIn(pool));
  if (unknown === undefined) return;
  const partitions = new Set(targets.map(({ bigip }) => `/${bigip.partition}`));
  const named = new Set(targets.flatMap((target) => [...poolsOf(target.only)]));
  const choices = [`a pool of ours in ${[...partitions].join(', ')} that targets[].only lets in`, ...named];
  throw new Failure(
    `--only "pool-members of ${unknown}": a flag only narrows what the configuration lets in, expected ${choices.join(', or ')}; ` +
      `members of a pool that somebody else owns need "only: pool-members of ${unknown}" in the target`,
  );
}

async function makeLane(config: Config, target: TargetConfig, context: LaneContext): Promise<Lane> {
  // Certificates and keys go from the sources to the device past everything that is planned, logged or reported.
  const blobs = createBlobStore();
  const scope = createScope(target.only, { only: context.only, partition: target.bigip.partition });
  const elsewhere = poolsElsewhere(config, target);
  const lentPools = new Set([...poolsOf(target.only), ...elsewhere]);
  const networks = await makePodNetworks(config, target, context);
  const clusters = await Promise.all(
    config.sources.map((source) =>
      makeSource(config, { source, target, blobs, lentPools, network: networks.get(source.name), env: context.env }),
    ),
  );
  const sources = [
    ...[...networks.values()].map(({ source }) => source),
    ...clusters.map((source) => withoutPools(source, elsewhere)),
    ...(await makeConfigSources(target.dns)),
  ];
  const device = await makeTarget(config, target, { ...context, blobs, scope });
  const { safety } = config;
  return {
    name: target.name,
    options: {
      instance: config.instance,
      partition: target.bigip.partition,
      sources,
      target: device,
      ...(scope === undefined ? {} : { scope }),
      save: target.save ?? scope === undefined,
      threshold: safety.deletes,
      keepMemberState: safety.keepMemberState,
      ...(safety.adopt === 'none' ? {} : { adopt: safety.adopt as 'all' | readonly Ref[] }),
    },
    close: async () => {
      await Promise.allSettled([...sources.map((source) => source.close?.()), device.close()]);
    },
  };
}

/** Pools that other targets give members to, and this one cannot: what sources say of them is not its business. */
function poolsElsewhere({ targets }: Config, target: TargetConfig): ReadonlySet<FullPath> {
  const own = poolsOf(target.only);
  const named = targets.flatMap((other) => [...poolsOf(other.only)]);
  return new Set(named.filter((pool) => !own.has(pool) && partitionOf(pool) !== target.bigip.partition));
}

interface SourceParts {
  readonly source: SourceConfig;
  readonly target: TargetConfig;
  readonly blobs: BlobStore;
  readonly lentPools: ReadonlySet<FullPath>;
  readonly network: PodNetwork | undefined;
  readonly env: LaneContext['env'];
}

async function makeSource(config: Config, parts: SourceParts): Promise<Source> {
  const { precedence, poolMembers } = parts.source;
  return withSettings(await makePlainSource(config, parts), { precedence, poolMembers });
}

/** The libraries behind sources and targets are loaded only by verbs that use them. */
async function makePlainSource(
  config: Config,
  { source, target, blobs, lentPools, network, env }: SourceParts,
): Promise<Source> {
  const read = secretsOf(config, env);
  const place = { source, target, lentPools };
  if (source.files !== undefined) {
    const { createFileSource } = await import('../sources/files/index.ts');
    return createFileSource(fileOptions(config, place, source.files));
  }
  if (source.etcd !== undefined) {
    const { createEtcdSource } = await import('../sources/etcd/index.ts');
    const { etcd } = source;
    return createEtcdSource(etcdSourceOptions(config, place, { etcd, readSecret: read }));
  }
  if (source.docker !== undefined) {
    const { createDockerSource } = await import('../sources/docker/index.ts');
    return createDockerSource(dockerSourceOptions(config, place, source.docker));
  }
  if (source.http !== undefined) {
    const { createHttpSource } = await import('../sources/http/index.ts');
    const { http } = source;
    return createHttpSource(httpSourceOptions(config, place, { http, readSecret: read }));
  }
  if (source.sql !== undefined) {
    const { createSqlSource } = await import('../sources/sql/index.ts');
    const { sql } = source;
    return createSqlSource(sqlOptions(config, place, { sql, readSecret: read }));
  }
  const keepBytes = (bytes: Uint8Array): Checksum => blobs.put(bytes);
  if (source.state !== undefined) {
    const { createStateSource } = await import('../sources/state/index.ts');
    return createStateSource({ ...stateOptions(config, place, source.state), keepBytes });
  }
  if (!isCluster(source)) throw new Failure(`source ${source.name}: nothing to read from`);
  const { createKubernetesSource } = await import('../sources/kubernetes/index.ts');
  const options = kubernetesOptions(config, { source, target, lentPools });
  return createKubernetesSource({ ...(network === undefined ? options : throughOverlay(options, network)), keepBytes });
}

/** The GTM servers; one that is named alone is expected to be there. */
function serversOf({ datacenters }: TargetDnsConfig): readonly ExpectedServer[] {
  return datacenters.map(({ name, server }) => {
    const isMade = typeof server !== 'string';
    return { path: `/Common/${isMade ? server.name : server}`, datacenter: `/Common/${name}`, isMade };
  });
}

/** What the configuration itself asks of the device. */
async function makeConfigSources(dns: TargetDnsConfig | undefined): Promise<readonly Source[]> {
  const servers = (dns?.datacenters ?? []).flatMap(({ name, server }) =>
    typeof server === 'string' ? [] : [{ datacenter: name, ...server }],
  );
  if (servers.length === 0) return [];
  const { createConfigSource } = await import('../sources/config/index.ts');
  return [createConfigSource(CONFIG_SOURCE, servers)];
}

async function makeTarget(
  config: Config,
  { name, bigip, dns }: TargetConfig,
  context: LaneContext & { readonly blobs: BlobStore; readonly scope: Scope | undefined },
): Promise<Target> {
  const { createBigipTarget } = await import('../targets/bigip/index.ts');
  const { url, urls = [], tls, timeouts } = bigip;
  const read = secretsOf(config, context.env);
  return createBigipTarget({
    name,
    urls: url === undefined ? urls : [url],
    username: bigip.username,
    password: () => read(bigip.password),
    loginProvider: bigip.loginProvider,
    partition: bigip.partition,
    instance: config.instance,
    batchSize: bigip.batchSize,
    createPartition: bigip.createPartition,
    ...(dns === undefined ? {} : { dns: { servers: serversOf(dns) } }),
    network: writesNetwork(config),
    apart: config.sources.some((source) => isCluster(source) && isPerUnit(source)),
    tunnelEnds: config.sources.flatMap((source) => (isCluster(source) ? endsOn(source, name) : [])),
    timeouts: { connectMs: timeouts.connect, requestMs: timeouts.request, deadlineMs: timeouts.restart },
    tls: {
      ...(tls?.caFile === undefined || context.sourcesOnly === true ? {} : { ca: await readCa(tls.caFile, name) }),
      ...(tls?.serverName === undefined ? {} : { serverName: tls.serverName }),
      insecureSkipVerify: tls?.insecureSkipVerify ?? false,
    },
    blobs: context.blobs,
    ...(context.scope === undefined ? {} : { scope: context.scope }),
    logger: (event) => logBigipEvent(event, context.log, timeouts.restart),
  });
}

/** Whether a source makes objects of the device's network. */
function writesNetwork({ sources }: Config): boolean {
  return sources.some((source) => isCluster(source) && ![undefined, 'calico-bgp'].includes(source.podNetwork?.cni));
}

/** Whether each unit of a pair is a target with an end of the tunnel of its own. */
function isPerUnit({ podNetwork }: ClusterConfig): boolean {
  return podNetwork?.flannel.vxlan?.perTarget !== undefined;
}

/** The addresses that the ends of a source's tunnels have on a target. */
function endsOn({ podNetwork }: ClusterConfig, target: string): readonly string[] {
  const vxlan = podNetwork?.flannel.vxlan;
  const unit = vxlan?.perTarget === undefined ? vxlan : vxlan.perTarget[target];
  return [unit?.localAddress, unit?.ipv6?.localAddress].filter((address) => address !== undefined);
}

/** The text of a PEM file with at least one certificate; anything else would only show up as a certificate not trusted. */
async function readCa(path: string, target: string): Promise<string> {
  const field = `target ${target}: tls.caFile ${path}`;
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Failure(`${field} cannot be read (${code}); expected a PEM file with the certificate of the authority`);
  }
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new Failure(`${field} holds no certificate; expected PEM, beginning with -----BEGIN CERTIFICATE-----`);
}
