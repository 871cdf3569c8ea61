import type { PolicyRule } from '../../../ir/policy-rule.ts';
import type { IngressScope } from './ingress-scope.ts';
import { hostConditions, ruleName } from './ingress-rule-parts.ts';
import { frontPorts } from './ingress-wish.ts';

const HTTPS = 443;

/** The redirects of an Ingress on a front without TLS. */
export interface Redirects {
  readonly rules: readonly PolicyRule[];
  /** Whether what comes for a host is redirected, and so never routed. Empty: for a host that no rule names. */
  readonly covers: (host: string) => boolean;
}

/** Plain HTTP to hosts with TLS goes to HTTPS, unless the Ingress, or else the source, says otherwise, or HTTPS is not there. */
export function redirectRules(scope: IngressScope): Redirects {
  const { record, options, annotations, ingress, decision } = scope;
  const { https } = frontPorts(record, options);
  const asked = annotations.get('ssl-redirect') ?? String(ingress.redirect);
  const code = annotations.get('redirect-code');
  const isRefused = decision?.refused.some(({ port }) => port === https) === true;
  if (asked === 'false' || https === undefined || isRefused) return { rules: [], covers: () => false };
  const covers = coverage(scope);
  const hosts = new Set(record.rules.map(({ host }) => host));
  if (record.defaultBackend !== undefined) hosts.add('');
  const covered = [...hosts].filter(covers);
  const port = https === HTTPS ? '' : `:${https}`;
  const location = `tcl:https://[getfield [HTTP::host] ":" 1]${port}[HTTP::uri]`;
  const rules = covered.map((host): PolicyRule => ({
    name: ruleName(host, '', 'redirect'),
    conditions: hostConditions(host),
    actions: [{ type: 'redirect', location, ...(code === undefined ? {} : { code }) }],
  }));
  return { rules, covers };
}

/** Which hosts have TLS: those that an entry names, by themselves or by a wildcard; all, if one names none. */
function coverage({ record }: IngressScope): (host: string) => boolean {
  const named = new Set(record.tls.flatMap(({ hosts }) => hosts));
  if (record.tls.some(({ hosts }) => hosts.length === 0)) return () => true;
  return (host) => named.has(host) || (host !== '' && named.has(`*${host.slice(host.indexOf('.'))}`));
}
