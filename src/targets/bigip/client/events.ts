/**
 * What the target tells the log. Never holds a password, a token or a header; `words` are the device's own, cut to
 * a line.
 */
export type BigipEvent =
  | { readonly event: 'login'; readonly device: string; readonly address: string; readonly user: string }
  | { readonly event: 'token-extended'; readonly device: string; readonly address: string }
  | {
      readonly event: 'waiting';
      readonly device: string;
      readonly address: string;
      /** What went wrong, for a person. */
      readonly reason: string;
      readonly delayMs: number;
      /** How long it has been going wrong. */
      readonly elapsedMs: number;
    }
  | { readonly event: 'address-changed'; readonly device: string; readonly address: string; readonly reason: string }
  | {
      readonly event: 'batch-refused';
      readonly device: string;
      readonly units: number;
      readonly status: number;
      readonly words: string;
      readonly next: string;
    }
  | { readonly event: 'unknown-outcome'; readonly device: string; readonly what: string; readonly reason: string }
  | { readonly event: 'resolved'; readonly device: string; readonly what: string; readonly found: string }
  | { readonly event: 'saved'; readonly device: string };

/** Receives events; must not throw. */
export type EventHook = (event: BigipEvent) => void;
