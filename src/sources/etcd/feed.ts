import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { KeyHost } from '../watching/key-feed.ts';
import { KeyFeed } from '../watching/key-feed.ts';
import type { EtcdOptions } from './client.ts';
import { EtcdError, defaultEtcdTiming, wordsOf } from './client.ts';
import type { EtcdStore } from './store.ts';

/** What a feed of keys in etcd is made of. */
export interface EtcdFeedParts {
  readonly store: EtcdStore;
  readonly host: KeyHost<string>;
  /** The name of the source, for messages. */
  readonly source: string;
  readonly options: EtcdOptions;
  /** What the keys are: `the subnets of flannel`. */
  readonly subject: string;
  /** The field of the configuration that says how etcd is reached. */
  readonly field: string;
}

/** Keys as etcd has them. */
export function etcdFeed(parts: EtcdFeedParts): KeyFeed<string> {
  return new KeyFeed({
    store: parts.store,
    host: parts.host,
    timing: { ...defaultEtcdTiming, ...parts.options.timing },
    explain: (verb, error) => (error instanceof EtcdError && error.gone ? 'routine' : explain(parts, verb, error)),
  });
}

function explain(
  { source, options, subject, field }: EtcdFeedParts,
  verb: 'list' | 'watch',
  error: unknown,
): Diagnostic {
  const denied = error instanceof EtcdError && error.denied;
  return {
    code: denied ? 'etcd-denied' : `etcd-${verb}-failed`,
    severity: 'error',
    origin: source,
    summary: `${source}: cannot ${verb} ${subject} in etcd (${options.endpoints.join(', ')}): ${wordsOf(error)}`,
    ...(denied ? { detail: `Check username and password, or the client certificate, of ${field}.` } : {}),
  };
}
