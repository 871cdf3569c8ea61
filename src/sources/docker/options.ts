import type { ReadTls } from '../tls-files.ts';
import type { KeyFeedTiming } from '../watching/key-feed.ts';

/** How an Engine is reached, and what its containers become. */
export interface DockerOptions {
  /** The name of the source, for messages. */
  readonly source: string;
  /** A Unix socket, or a URL. */
  readonly engine: { readonly socket: string } | { readonly url: string };
  readonly tls?: ReadTls;
  /** What members are: ports that the host publishes, or addresses of containers in a network. */
  readonly members: 'published' | 'network';
  /** The network whose addresses are meant, where a container is in several. */
  readonly network?: string | undefined;
  /** The address of the host, for ports that are published on all of its addresses. */
  readonly hostAddress?: string | undefined;
  /** What a member is whose container is unhealthy, or does not know yet. */
  readonly unhealthy: 'disabled' | 'offline' | 'enabled';
  readonly timing?: Partial<DockerTiming>;
}

/** Waits, milliseconds. */
export interface DockerTiming extends KeyFeedTiming {
  /** A single request, from start to its last byte. */
  readonly requestMs: number;
  /** Events without a byte for so long are asked for anew. */
  readonly silenceMs: number;
}

/** The defaults of {@link DockerTiming}. */
export const defaultDockerTiming: DockerTiming = {
  backoffMs: 250,
  backoffCapMs: 15_000,
  readRetries: 2,
  requestMs: 20_000,
  silenceMs: 10 * 60_000,
};

/** An Engine as messages name it. */
export function printEngine({ engine }: Pick<DockerOptions, 'engine'>): string {
  return 'socket' in engine ? engine.socket : new URL(engine.url).origin;
}
