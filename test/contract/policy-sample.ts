import type { Pool } from '../../src/ir/pool.ts';
import type { Policy } from '../../src/ir/policy.ts';
import type { PolicyAction, PolicyCondition, PolicyRule } from '../../src/ir/policy-rule.ts';
import type { Sample } from './sample.ts';
import { MARK, ORIGIN } from './target-units.ts';

const CART = 'contract:Ingress/shop/cart';

function host(name: string): PolicyCondition {
  return { operand: 'http-host', host: true, match: 'equals', values: [name], caseInsensitive: true };
}

function prefix(path: string): PolicyCondition {
  return { operand: 'http-uri', path: true, match: 'starts-with', values: [path] };
}

/** A policy with two rules of two origins, and the ways in which rules come, go, move and change. */
export function policySample(partition: string): Sample {
  const pool = (name: string): Pool => ({ kind: 'pool', path: `/${partition}/${name}`, mark: MARK });
  const [web, cart] = [pool('web_pool'), pool('cart_pool')];
  const rule = (name: string, conditions: PolicyRule['conditions'], actions: PolicyRule['actions']): PolicyRule => ({
    name,
    origin: ORIGIN,
    conditions,
    actions,
  });
  const forward = (to: Pool): PolicyAction => ({ type: 'forward', pool: to.path });
  const first: PolicyRule = {
    ...rule('cart', [host('shop.example.com'), prefix('/cart/')], [forward(cart)]),
    origin: CART,
  };
  const last = rule('web', [host('shop.example.com')], [forward(web)]);
  const base: Policy = {
    kind: 'policy',
    path: `/${partition}/l7`,
    rules: [first, last],
    mark: { instance: 'contract', origins: [CART, ORIGIN] },
  };
  const one = (
    name: string,
    conditions: PolicyRule['conditions'],
    actions: PolicyRule['actions'],
  ): Partial<Policy> => ({
    rules: [first, rule(name, conditions, actions), last],
  });
  return {
    title: 'policy',
    base,
    needs: [web, cart],
    variants: {
      description: { description: 'of cluster east' },
      strategy: { strategy: 'best-match' },
      'rules (one more, in between)': one('between', [prefix('/a/')], [{ type: 'reset' }]),
      'rules (one less)': { rules: [last], mark: MARK },
      'rules (none)': { rules: [], mark: { instance: 'contract', origins: [] } },
      'rules (moved)': { rules: [last, first] },
      'rules (another pool)': { rules: [{ ...first, actions: [forward(web)] }, last] },
      'rules (another owner)': { rules: [{ ...first, origin: ORIGIN }, last], mark: MARK },
      'rules (a name that is awkward)': one('a b.c 100%~é', [prefix('/x')], [forward(web)]),
      'rules (redirects)': one(
        'redirect',
        [host('old.example.com')],
        [{ type: 'redirect', location: 'https://shop.example.com/', code: 301 }],
      ),
      'rules (headers)': one(
        'headers',
        [
          { operand: 'http-header', name: 'X-Canary', match: 'equals', values: ['yes', 'true'] },
          { operand: 'http-cookie', name: 'beta', match: 'exists', not: true },
        ],
        [
          { type: 'insert-header', name: 'X-A', value: 'b' },
          { type: 'replace-header', name: 'X-C', value: 'd' },
          { type: 'remove-header', name: 'Server', side: 'response' },
          forward(web),
        ],
      ),
      'rules (method, query, client)': one(
        'others',
        [
          { operand: 'http-method', match: 'equals', values: ['GET'] },
          { operand: 'http-uri', queryParameter: true, name: 'v', match: 'contains', values: ['2'] },
          { operand: 'tcp', address: true, values: ['10.0.0.0/8'], not: true },
        ],
        [{ type: 'replace-path', value: '/new' }, { type: 'replace-host', value: 'inner' }, forward(web)],
      ),
      'rules (the whole URI)': one('uri', [prefix('/y')], [{ type: 'replace-uri', value: '/z?a=b' }, forward(web)]),
      'rules (a variable)': one(
        'variable',
        [prefix('/v')],
        [forward(web), { type: 'set-variable', name: 'n', value: 4 }],
      ),
      'rules (server name of the hello)': one(
        'sni',
        [{ operand: 'ssl-extension', serverName: true, match: 'ends-with', values: ['.example.com'] }],
        [{ type: 'forward', pool: web.path, event: 'ssl-client-hello' }],
      ),
      'rules (many)': {
        rules: [
          first,
          ...Array.from({ length: 60 }, (_, index) => rule(`r${index}`, [prefix(`/${index}/`)], [forward(web)])),
        ],
      },
      'mark with an origin that has no rule': {
        mark: { instance: 'contract', origins: [CART, 'contract:Row/my vips.csv#1', ORIGIN].sort() },
      },
    },
  };
}
