import { checksumOf } from '../../desired/blob-store.ts';
import type { Source } from '../source.ts';
import { accessProvider } from './api/access.ts';
import { ApiClient } from './api/client.ts';
import { ApiFeed } from './api/feed.ts';
import { Assembly } from './assembly.ts';
import type { ChangeContext } from './changes.ts';
import { annotationPrefixes } from './extract/index.ts';
import type { Feed, FeedHost } from './feed.ts';
import { KubernetesSource } from './kubernetes-source.ts';
import { ManifestFeed } from './manifests/feed.ts';
import { defaultTiming, otherAnnotations } from './options.ts';
import type { KubernetesOptions } from './options.ts';
import { readsNodes, readsPods, scopesOfOptions } from './rights.ts';
import { Settler } from './settle/settler.ts';

export { checkKubernetes } from './check.ts';
export { readKubernetesSecret } from './api/secret.ts';
export type { ApiServerOptions, KubernetesOptions, Timing } from './options.ts';

/** A source of the Services of one cluster: from its API server, or from manifests. Connects when it is first read. */
export function createKubernetesSource(options: KubernetesOptions): Source {
  const { extract, from } = options;
  const name = extract.source;
  const namespaces = options.namespaces ?? {};
  const nodes = from.kind === 'manifests' || readsNodes(options);
  let feed: Feed | undefined;
  const assembly = new Assembly({
    extract,
    namespaces,
    nodes,
    overlay: options.overlay,
    feed: {
      ready: (owner) => feed?.ready(owner) === true,
      get doubt() {
        return feed?.doubt === true;
      },
    },
  });
  const context = contextOf(options);
  if (from.kind === 'manifests') {
    return new KubernetesSource({ name, assembly }, (host) => (feed = new ManifestFeed({ from, context, host })));
  }
  const client = new ApiClient(accessProvider(from), { ...defaultTiming, ...from.timing });
  const settler = new Settler({
    client,
    assembly,
    source: name,
    instance: options.instance ?? name,
    writeStatus: options.writeStatus ?? true,
    writeEvents: options.writeEvents ?? true,
    deniedMs: from.timing?.deniedMs ?? defaultTiming.deniedMs,
    retryMs: [
      from.timing?.backoffMs ?? defaultTiming.backoffMs,
      from.timing?.backoffCapMs ?? defaultTiming.backoffCapMs,
    ],
  });
  const connect = (host: FeedHost) =>
    (feed = new ApiFeed({ client, from, scopes: scopesOfOptions(options), context, host }));
  return new KubernetesSource({ name, assembly, settler }, connect);
}

/** How objects are cut down to what the options ask for. */
function contextOf(options: KubernetesOptions): ChangeContext {
  const { extract } = options;
  const prefixes = [...annotationPrefixes(extract), ...(options.annotationPrefixes ?? otherAnnotations)];
  return {
    source: extract.source,
    annotationPrefixes: prefixes,
    ...(extract.ingress === undefined ? {} : { keep: options.keepBytes ?? checksumOf }),
    ...(readsPods(options) ? { pods: true } : {}),
  };
}
