/** Which requests a fault is for. All that is given must match. */
export interface Match {
  /** `PATCH`; default any. */
  readonly method?: string;
  /** Regular expression over path and query; default any. */
  readonly path?: string;
  /** How many of the matching requests it hits, from 0 to 1; default all. */
  readonly probability?: number;
  /** Where the dice start; default 1. The same seed gives the same run. */
  readonly seed?: number;
}

/** How often or how long a fault holds; without any of them until it is removed. */
export interface Extent {
  /** The next N matching requests. */
  readonly count?: number;
  /** Milliseconds from when it begins, by the emulator's clock. */
  readonly durationMs?: number;
  /** Milliseconds from when it was set until it begins; default 0. */
  readonly afterMs?: number;
}

/** How restjavad answers an operation that takes too long: 400 `remoteSender` (default), or Jetty's 500 of later releases. */
export type TimeoutShape = 'remote-sender' | 'async-context';

/** What restarts: everything, restjavad alone, or mcpd. */
export type Daemon = 'all' | 'restjavad' | 'mcpd';

/** A disturbance that tests ask for. */
export type Fault = Match &
  Extent &
  (
    | {
        readonly type: 'latency';
        /** Milliseconds; else by `profile`. */
        readonly ms?: number;
        readonly profile?: 'real-device';
        /** Factor on the times of the profile; default 1. */
        readonly scale?: number;
        /** Milliseconds after which the answer is that the operation expired; it is carried out all the same. Default 60,000. */
        readonly timeoutMs?: number;
        readonly shape?: TimeoutShape;
      }
    /** 503 with Apache's page. */
    | { readonly type: 'unavailable' }
    /** What clients see while daemons restart, phase after phase; `durationMs` is all of it. */
    | { readonly type: 'restart'; readonly daemon?: Daemon }
    /** The connection is closed: before anything is done, or after it was done and before the answer. */
    | { readonly type: 'cut'; readonly when: 'before' | 'after' }
    /**
     * Nobody listens: new connections are refused, those that are there end with their next answer. It is for no request, so
     * that all of {@link Match} and `count` say nothing.
     */
    | { readonly type: 'refused' }
    /** 401 although the credentials are right: as if there were none, or as if the token had ended. */
    | { readonly type: 'unauthorized'; readonly reason?: 'no-credentials' | 'expired' }
    /** Tokens end this many seconds after their login. */
    | { readonly type: 'token-lifetime'; readonly seconds: number }
    /** A user, also `admin`, has so many tokens at most; default 100. */
    | { readonly type: 'token-limit'; readonly limit?: number }
    /** 503 to everything under `/mgmt/tm`: a task is running. */
    | { readonly type: 'busy-task' }
    /**
     * restjavad is short of memory: lists of more than `items` objects (default 100) end in Jetty's 500; after each `failures` of
     * them (default: never) it restarts.
     */
    | { readonly type: 'memory'; readonly items?: number; readonly failures?: number }
    /** An error of mcpd on writes of objects, in transactions too. `code` is HTTP. */
    | {
        readonly type: 'mcp-error';
        readonly message: string;
        readonly code?: number;
        /** Path of the collection: `ltm/pool/members`. */
        readonly kind?: string;
        /** Full path; `*` stands for anything. */
        readonly name?: string;
        readonly verb?: 'create' | 'modify' | 'delete';
      }
    /** A commit outlasts restjavad: the client is told after `answerAfterMs`; it is carried out `applyAfterMs` later. */
    | {
        readonly type: 'slow-transaction';
        readonly answerAfterMs?: number;
        readonly applyAfterMs?: number;
        readonly shape?: TimeoutShape;
      }
  );
