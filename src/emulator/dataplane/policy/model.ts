/** A condition of a rule of an LTM policy, its words resolved: operand `httpUri`, selector `path`, operator `startsWith`. */
export interface PolicyCondition {
  readonly operand: string;
  readonly selector: string;
  /** `request`, `response`, `sslClientHello`, `clientAccepted`, … */
  readonly event: string;
  readonly operator: string;
  /** One of them has to match; those of the data-group, if the condition names one. */
  readonly values: readonly string[];
  readonly caseSensitive: boolean;
  /** The condition holds if no value matches. */
  readonly not: boolean;
  /** The condition holds if the thing (a header, a cookie) is not there. */
  readonly missing: boolean;
  /** Of a connection: the virtual server's side instead of the client's. */
  readonly local: boolean;
  /** Of a path segment or an unnamed query parameter: counted from 1; negative from the end. */
  readonly index: number;
  /** Name of the header, cookie or query parameter. */
  readonly tmName?: string;
}

/** What a strategy prefers: a kind of condition. */
export type PolicyOperand = Pick<PolicyCondition, 'operand' | 'selector' | 'event' | 'operator'>;

/** An action of a rule: target `forward`, verb `select`, with its parameters as iControl REST names them. */
export interface PolicyAction {
  readonly target: string;
  readonly verb: string;
  readonly event: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface PolicyRule {
  readonly name: string;
  readonly conditions: readonly PolicyCondition[];
  readonly actions: readonly PolicyAction[];
}

/** A published LTM policy of a virtual server; rules in the order of their ordinals. */
export interface PolicyConfig {
  readonly fullPath: string;
  readonly strategy: 'first-match' | 'best-match' | 'all-match';
  /** Of an own strategy, with `best-match`: the most specific first. */
  readonly precedence?: readonly PolicyOperand[];
  readonly rules: readonly PolicyRule[];
}

/** How often an action ran, and how often it could do what it says. */
export interface ActionCount {
  readonly invoked: number;
  readonly succeeded: number;
}
