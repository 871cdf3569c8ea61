import { describe, expect, it } from 'vitest';
import type { PolicyAction, PolicyCondition } from '../ir/policy-rule.ts';
import type { Kind } from '../ir/objects.ts';
import { printValue } from './values.ts';

function printed(conditions: readonly PolicyCondition[], actions: readonly PolicyAction[]): string {
  return printValue('policy', 'rules', { name: 'r', conditions, actions });
}

describe('rules of policies', () => {
  it('are printed in a few words', () => {
    expect(
      printed(
        [
          { operand: 'http-host', host: true, match: 'equals', values: ['shop.example.com'], caseInsensitive: true },
          { operand: 'http-uri', path: true, match: 'starts-with', values: ['/a/', '/b/'] },
        ],
        [{ type: 'forward', pool: '/k/cart' }],
      ),
    ).toBe('r: host shop.example.com (any case), path starts-with /a/ or /b/ -> forward /k/cart');
    expect(printed([], [])).toBe('r: always -> nothing');
  });

  it.each<[PolicyCondition, string]>([
    [{ operand: 'http-header', name: 'X-A', match: 'exists', not: true }, 'header X-A not exists'],
    [{ operand: 'http-cookie', name: 'c', match: 'contains', values: ['1'] }, 'cookie c contains 1'],
    [{ operand: 'http-method', match: 'equals', values: ['GET'] }, 'method GET'],
    [{ operand: 'http-uri', queryParameter: true, name: 'q', match: 'equals', values: ['1'] }, 'query parameter q 1'],
    [
      { operand: 'ssl-extension', serverName: true, match: 'ends-with', values: ['.example.com'] },
      'TLS server name ends-with .example.com',
    ],
    [{ operand: 'tcp', address: true, values: ['10.0.0.0/8'], not: true }, 'client not in 10.0.0.0/8'],
    [{ operand: 'tcp', address: true, values: ['10.0.0.0/8'] }, 'client in 10.0.0.0/8'],
    [{ operand: 'other', words: 'geoip' }, 'geoip'],
  ])('a condition %j', (condition, text) => {
    expect(printed([condition], [])).toBe(`r: ${text} -> nothing`);
  });

  it.each<[PolicyAction, string]>([
    [{ type: 'forward', pool: '/k/p', event: 'ssl-client-hello' }, 'forward /k/p (at the TLS hello)'],
    [{ type: 'redirect', location: 'https://a/' }, 'redirect 302 https://a/'],
    [{ type: 'redirect', location: 'https://a/', code: 301 }, 'redirect 301 https://a/'],
    [{ type: 'reset' }, 'reset'],
    [{ type: 'insert-header', name: 'X', value: 'y' }, 'insert-header X: y'],
    [{ type: 'replace-header', name: 'X', value: 'y', side: 'response' }, 'replace-header X: y (response)'],
    [{ type: 'remove-header', name: 'X' }, 'remove-header X'],
    [{ type: 'remove-header', name: 'X', side: 'response' }, 'remove-header X (response)'],
    [{ type: 'replace-host', value: 'inner' }, 'replace-host inner'],
    [{ type: 'replace-path', value: '/n' }, 'replace-path /n'],
    [{ type: 'other', words: 'asm' }, 'asm'],
  ])('an action %j', (action, text) => {
    expect(printed([], [action])).toBe(`r: always -> ${text}`);
  });

  it('whose order changes are printed by name', () => {
    expect(printValue('policy', 'rules', ['b', 'a'])).toBe('b, a');
  });

  it('and HSTS is printed as in its header', () => {
    expect(printValue('http-profile', 'hsts', { maximumAge: 600 })).toBe('max-age 600');
    expect(printValue('http-profile', 'hsts', { maximumAge: 600, includeSubdomains: true, preload: true })).toBe(
      'max-age 600, with subdomains, preload',
    );
  });
});

describe('profiles', () => {
  it('are printed as the device writes them', () => {
    const values: readonly (readonly [Kind, string, unknown, string])[] = [
      ['ssl-key', 'checksum', 'SHA1:1:a', 'SHA1:1:a'],
      ['client-ssl', 'cert', '/k/a.crt', '/k/a.crt'],
      ['client-ssl', 'options', ['no-tlsv1', 'no-tlsv1.1'], 'no-tlsv1, no-tlsv1.1'],
      ['client-ssl', 'sniDefault', true, 'yes'],
      ['server-ssl', 'peerCertMode', 'require', 'require'],
      ['http-profile', 'insertXForwardedFor', true, 'yes'],
      ['http-profile', 'xffAlternativeNames', ['X-Real-IP'], 'X-Real-IP'],
      ['http-profile', 'headerInsert', 'X-Scheme: https', '"X-Scheme: https"'],
      ['persistence-cookie', 'httpOnly', false, 'no'],
      ['persistence-source-addr', 'timeout', 180, '180 s'],
      ['virtual', 'policies', ['/k/a', '/k/b'], '/k/a, /k/b'],
      ['policy', 'mark', { instance: 'i', origins: [] }, 'i: '],
    ];
    for (const [kind, field, value, text] of values) expect(printValue(kind, field, value)).toBe(text);
  });
});
