import type { Forward } from '../dataplane/forward.ts';
import type { Overrides } from '../dataplane/overrides.ts';
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

/** A pool member as rules see it. */
export interface MemberView {
  readonly fullPath: string;
  readonly address: string;
  readonly port: number;
  readonly isActive: boolean;
}

/** What a rule asks of a pool. */
export interface PoolView {
  readonly members: readonly MemberView[];
}

/** Bytes that rules ask for before they pass. */
export interface Collection {
  /** How many (Infinity: all of them); undefined: they pass at once. */
  wanted: number | undefined;
  /** What came, and waits. */
  payload: Buffer;
  /** What is to pass on. */
  passing: Buffer;
}

export type Side = 'client' | 'server';

/** What a connection does for its rules while they run. */
export interface FlowHands {
  /** Sends bytes to the peer of a side. */
  send(side: Side, bytes: Buffer): void;
  /** Runs work in `ms` milliseconds, unless the connection is over by then; gives what cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Makes the choice of a member now: where to send the connection for it to hold. */
  select(forward: Forward | undefined): (Forward & { readonly to: 'pool' }) | undefined;
  /** Persistence records of a mode (`source-addr`, `universal`) and value. */
  findRecord(mode: string, value: string, scope: RecordScope): KnownRecord | undefined;
  /** Notes the member of now. */
  addRecord(mode: string, value: string, scope: RecordScope): void;
  deleteRecord(mode: string, value: string, scope: RecordScope): void;
}

/** What a persistence record says. */
export interface KnownRecord {
  readonly address: string;
  readonly port: number;
  readonly pool: string;
}

/** For which virtual servers and pools a record is; left out: for those of the connection. */
export interface RecordScope {
  readonly any?: 'virtual' | 'service' | 'pool';
  /** Full path. */
  readonly pool?: string;
  /** Seconds that it lives; left out: as the profile says. */
  readonly timeout?: string;
}

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
  server: (End & { readonly pool: string; readonly fullPath: string }) | undefined;
  requests: number;
  forward: Forward | undefined;
  /** The choice of a member is to be made anew. */
  reselect: boolean;
  /** The next request leaves the server that the connection stands on. */
  detach: boolean;
  /** Persistence and address translation in place of those of the virtual server. */
  overrides: Overrides;
  /** Those that every request begins with. */
  lasting: Overrides;
  reply: RuleReply | undefined;
  /** A request, as text, to be sent in place of one whose answer is not wanted. */
  retry: string | undefined;
  /** `reject` resets, `drop` ends without a word, `close` ends in order. */
  end: 'reject' | 'drop' | 'close' | undefined;
  /** The client's connection ends after this answer. */
  closes: boolean;
  /** The side that the event at work is on. */
  side: Side;
  /** The body of the request, or of the response once there is one. */
  readonly body: Collection;
  readonly tcp: Readonly<Record<Side, Collection>>;
  hands: FlowHands;
}

/** What rules of all connections share. */
export interface RuleHost {
  /** Milliseconds. */
  now(): number;
  dataGroup(fullPath: string): DataGroup | undefined;
  pool(fullPath: string): PoolView | undefined;
  hasVirtual(fullPath: string): boolean;
  hasSnatPool(fullPath: string): boolean;
  /** A line for the log of the device. */
  log(line: string): void;
  /** A handler ran; it may have failed. */
  ran(rule: string, event: string, outcome: 'done' | 'failed'): void;
  readonly table: SessionTable;
}

function nothing(): Collection {
  return { wanted: undefined, payload: Buffer.alloc(0), passing: Buffer.alloc(0) };
}

/** Of what is no connection: rules that begin, and texts that are filled in. */
const noHands: FlowHands = {
  send: () => {},
  after: () => () => {},
  select: () => undefined,
  findRecord: () => undefined,
  addRecord: () => {},
  deleteRecord: () => {},
};

/** Forgets what was collected. */
export function clear(collection: Collection): void {
  Object.assign(collection, nothing());
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
    reselect: false,
    detach: false,
    overrides: {},
    lasting: {},
    reply: undefined,
    retry: undefined,
    end: undefined,
    closes: false,
    side: 'client',
    body: nothing(),
    tcp: { client: nothing(), server: nothing() },
    hands: noHands,
  };
}
