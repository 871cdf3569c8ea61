/** How a selector compares: which operators it takes, the first being the default. */
export type Comparison = 'text' | 'number' | 'address';

/** What one type of condition looks at: when it can (the default first), and which part (the default first). */
export interface OperandSpec {
  readonly events: readonly [string, ...string[]];
  readonly selectors: Readonly<Record<string, Comparison>>;
  /** What the virtual server needs for it, whatever the event. */
  readonly requires?: string;
}

/** What one target of actions can do: the verbs, the default first, with the parameters that each cannot do without. */
export interface TargetSpec {
  readonly events: readonly [string, ...string[]];
  readonly verbs: Readonly<Record<string, readonly string[]>>;
  /** The feature that a policy controls by it. */
  readonly controls?: string;
}

/** Operators by comparison. */
export const operators: Readonly<Record<Comparison, readonly [string, ...string[]]>> = {
  text: ['equals', 'startsWith', 'endsWith', 'contains', 'exists', 'matches'],
  number: ['equals', 'less', 'greater', 'lessOrEqual', 'greaterOrEqual', 'exists'],
  address: ['matches', 'equals', 'exists'],
};

/** Events of things that are there through the whole life of a connection. */
export const everyEvent = [
  'request',
  'response',
  'clientAccepted',
  'classificationDetected',
  'proxyConnect',
  'proxyRequest',
  'proxyResponse',
  'serverConnected',
  'sslClientHello',
  'sslClientServerhelloSend',
  'sslServerHandshake',
  'sslServerHello',
  'wsRequest',
  'wsResponse',
] as const;

/** Events that show a request, a response or both, with those of explicit proxies. */
export const requestEvents = ['request', 'proxyConnect', 'proxyRequest'] as const;
export const bothEvents = ['request', 'response', 'proxyConnect', 'proxyRequest', 'proxyResponse'] as const;

/** What an event needs on the virtual server. */
export function requirementOf(event: string): string | undefined {
  if (event.startsWith('ssl')) {
    return 'ssl-persistence';
  }
  if (event.startsWith('ws')) {
    return 'websocket';
  }
  if (event === 'clientAccepted' || event === 'serverConnected') {
    return 'tcp';
  }
  return event === 'classificationDetected' ? 'classification' : 'http';
}
