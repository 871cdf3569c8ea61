import type { PolicyCondition } from '../../../ir/policy-rule.ts';
import { createHash } from 'node:crypto';

/** A wildcard stands for one label, which a policy cannot count: see docs/ingress.md. */
export function hostConditions(host: string): readonly PolicyCondition[] {
  if (host === '') return [];
  const isWildcard = host.startsWith('*.');
  const match = isWildcard ? 'ends-with' : 'equals';
  const values = [isWildcard ? host.slice(1) : host];
  return [{ operand: 'http-host', host: true, match, values, caseInsensitive: true }];
}

const READABLE_MAX = 80;

/**
 * The name of a rule: readable, and the same for the same host and what is asked of it. Characters that a name on the
 * device may not have become dashes, and a hash of the whole keeps names apart. Of rules with the same host and path the
 * exact one comes first: it is the type that orders their names.
 */
export function ruleName(host: string, path: string, type: 'exact' | 'prefix' | 'redirect'): string {
  const readable = `${host === '' ? 'any' : host} ${path}`
    .replace('*', 'wildcard')
    .replaceAll(/[^A-Za-z0-9._]+/g, '-')
    .slice(0, READABLE_MAX)
    .replaceAll(/^-+|-+$/g, '');
  const hash = createHash('sha256').update(`${host} ${path} ${type}`).digest('hex').slice(0, 8);
  return `${readable}_${type}_${hash}`;
}
