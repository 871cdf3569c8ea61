/** Which requests a fault is for. All that is given must match. */
export interface Match {
  /** `PATCH`; default any. */
  readonly method?: string;
  /** Regular expression over path and query; default any. */
  readonly path?: string;
}

/** How often or how long a fault holds; without either until it is removed. */
export interface Extent {
  /** The next N matching requests. */
  readonly count?: number;
  /** Milliseconds from when it was set, by the emulator's clock. */
  readonly durationMs?: number;
}

/** A disturbance that tests ask for. */
export type Fault = Match &
  Extent &
  (
    | { readonly type: 'latency'; readonly ms: number }
    /** 503 with Apache's page. */
    | { readonly type: 'unavailable' }
    /** The connection is closed: before anything is done, or after it was done and before the answer. */
    | { readonly type: 'cut'; readonly when: 'before' | 'after' }
    /** An error of mcpd on writes of objects whose path matches, in transactions too. `code` is HTTP. */
    | { readonly type: 'mcp-error'; readonly message: string; readonly code?: number }
    /** A commit outlasts restjavad: the client gets 400 `remoteSender`, and the commit is carried out `applyAfterMs` later. */
    | { readonly type: 'slow-transaction'; readonly answerAfterMs?: number; readonly applyAfterMs?: number }
  );

/** Kinds of faults. */
export const faultTypes = ['latency', 'unavailable', 'cut', 'mcp-error', 'slow-transaction'] as const;
