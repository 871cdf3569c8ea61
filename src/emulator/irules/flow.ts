import type { SessionTable } from './table.ts';
import type { RequestHead, ResponseHead } from '../dataplane/http/head.ts';

/** An answer that a rule gives itself. */
export interface RuleReply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A record of a data-group; `name` of type `ip` is an address or a network. */
export interface DataGroup {
  readonly type: string;
  readonly records: readonly { readonly name: string; readonly data: string }[];
}

/** What a rule asks of a pool. */
export interface PoolView {
  readonly members: readonly { readonly address: string; readonly port: number; readonly isActive: boolean }[];
}

/** Where a rule sends the connection or request. */
export type RuleForward =
  | { readonly to: 'pool'; readonly pool: string }
  | { readonly to: 'node'; readonly address: string; readonly port: number };

interface End {
  readonly address: string;
  readonly port: number;
}

/** One client connection, as its rules see and change it. */
export interface Flow {
  readonly virtual: string;
  readonly defaultPool: string | undefined;
  readonly client: End;
  readonly local: End;
  readonly tls?: { readonly protocol: string; readonly cipher: string; readonly cipherBits: number } | undefined;
  readonly serverName?: string | undefined;
  request: RequestHead | undefined;
  response: ResponseHead | undefined;
  /** The member that was chosen. */
  server: (End & { readonly pool: string }) | undefined;
  requests: number;
  forward: RuleForward | undefined;
  reply: RuleReply | undefined;
  /** `reject` resets, `drop` ends without a word. */
  end: 'reject' | 'drop' | undefined;
  /** The client's connection ends after this answer. */
  closes: boolean;
}

/** What rules of all connections share. */
export interface RuleHost {
  /** Milliseconds. */
  now(): number;
  dataGroup(fullPath: string): DataGroup | undefined;
  pool(fullPath: string): PoolView | undefined;
  /** A line for the log of the device. */
  log(line: string): void;
  /** A handler ran; it may have failed. */
  ran(rule: string, event: string, outcome: 'done' | 'failed'): void;
  readonly table: SessionTable;
}

/** A connection of which nothing has happened yet. */
export function newFlow(
  fixed: Pick<Flow, 'virtual' | 'defaultPool' | 'client' | 'local' | 'tls' | 'serverName'>,
): Flow {
  return {
    ...fixed,
    request: undefined,
    response: undefined,
    server: undefined,
    requests: 0,
    forward: undefined,
    reply: undefined,
    end: undefined,
    closes: false,
  };
}
