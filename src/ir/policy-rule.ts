import type { OriginKey } from './origin.ts';
import type { FullPath } from './ref.ts';

/** How the values of a condition are compared with what a client sent. Any of the values will do. */
export type Match = 'equals' | 'starts-with' | 'ends-with' | 'contains' | 'exists';

/** What conditions have in common. */
interface Comparing {
  readonly match: Match;
  /** Left out: for `exists`. */
  readonly values?: readonly string[];
  /** Left out: case matters. (The device's own default is that it does not.) */
  readonly caseInsensitive?: true;
  /** It must not be so. */
  readonly not?: true;
}

/** What a rule looks at before it acts. All conditions of a rule must hold. */
export type PolicyCondition =
  | (Comparing & { readonly operand: 'http-host'; readonly host: true })
  | (Comparing & { readonly operand: 'http-uri'; readonly path: true })
  | (Comparing & { readonly operand: 'http-uri'; readonly queryParameter: true; readonly name: string })
  | (Comparing & { readonly operand: 'http-header' | 'http-cookie'; readonly name: string })
  | (Comparing & { readonly operand: 'http-method' })
  /** The server name of a TLS hello, before anything is decrypted. */
  | (Comparing & { readonly operand: 'ssl-extension'; readonly serverName: true })
  /** The client's address: `values` are addresses and CIDR. */
  | { readonly operand: 'tcp'; readonly address: true; readonly values: readonly string[]; readonly not?: true }
  /** Something that Fairlead does not write; its words in the device's spelling, sorted. Only ever read. */
  | { readonly operand: 'other'; readonly words: string };

/** What a rule does. */
export type PolicyAction =
  /** `event` left out: with the request; `ssl-client-hello`: with the TLS hello, undecrypted. */
  | { readonly type: 'forward'; readonly pool: FullPath; readonly event?: 'ssl-client-hello' }
  /** `location` may hold `tcl:` expressions. `code` left out: 302. */
  | { readonly type: 'redirect'; readonly location: string; readonly code?: number }
  /** Resets the connection. */
  | { readonly type: 'reset' }
  /** Adds or replaces a header. `side` left out: of the request. */
  | {
      readonly type: 'insert-header' | 'replace-header';
      readonly name: string;
      readonly value: string;
      readonly side?: 'response';
    }
  | { readonly type: 'remove-header'; readonly name: string; readonly side?: 'response' }
  /** The host that the server sees. */
  | { readonly type: 'replace-host'; readonly value: string }
  /** The whole URI, or its path alone, that the server sees. */
  | { readonly type: 'replace-uri' | 'replace-path'; readonly value: string }
  /**
   * Sets a variable that the iRules of the virtual server see, with the request. A number alone: it is the same however the
   * device reads the expression.
   */
  | { readonly type: 'set-variable'; readonly name: string; readonly value: number }
  /** Something that Fairlead does not write; see {@link PolicyCondition}. */
  | { readonly type: 'other'; readonly words: string };

/** One rule of a policy. Its name is its own within the policy, and holds no slash: a device would take that for a path. */
export interface PolicyRule {
  readonly name: string;
  /** Who gave it; kept in the rule's description on the device. Left out: nobody that Fairlead knows. */
  readonly origin?: OriginKey;
  readonly conditions: readonly PolicyCondition[];
  readonly actions: readonly PolicyAction[];
}
