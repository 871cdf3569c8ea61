import { expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const told = (http: string): string =>
  parseConfig(
    `instance: lab\nsources: [{ name: api, http: { ${http} } }]\ntargets: [{ name: t, bigip: { url: 'https://10.0.0.1', username: a, password: { env: P } } }]\n`,
    'fairlead.yaml',
  )
    .diagnostics.map(({ summary }) => summary)
    .join('\n');

it.each([
  [
    "url: 'https://h/x', rows: 'items[', poll: 10s",
    /`sources\[0\]\.http\.rows`: found "items\[", expected a JMESPath expression \(Syntax error/,
  ],
  ["url: 'https://h/x', rows: 'jion(@)'", /expected a JMESPath expression \(there is no function jion\)/],
  [
    "url: 'https://h/x', headers: { Authorization: Bearer hunter2 }",
    /headers`: found a mapping with Authorization, expected references to secrets/,
  ],
  ["url: 'http://h/x', bearerToken: { env: T }", /https beside credentials/],
  ["url: 'https://me:hunter2@h/x'", /found a URL with credentials in it, expected the URL of a document/],
  [
    "url: 'https://h/x', bearerToken: { env: T }, username: a, password: { env: P }",
    /one of bearerToken and password, not both/,
  ],
  [
    "url: 'https://h/x', headers: { X-Key: { secret: { namespace: n, name: s, key: k } } }",
    /headers\.X-Key\.secret`: names no source; expected `source`, one of the sources with an API server: there is none/,
  ],
  ["url: 'https://h/x', poll: 10ms", /expected a duration/],
])('a source with %s is refused, with what is expected and without a secret', (http, words) => {
  expect(told(http)).toMatch(words);
  expect(told(http)).not.toContain('hunter2');
});

it('a source on this machine may take a token in clear', () => {
  expect(told("url: 'http://127.0.0.1:8000/x', bearerToken: { env: T }, headers: { X-Api-Key: { file: ./key } }")).toBe(
    '',
  );
});
