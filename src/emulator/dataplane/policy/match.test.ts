import { describe, expect, it } from 'vitest';
import { parseRequest, parseResponse } from '../http/head.ts';
import { expand } from './expand.ts';
import { holds } from './match.ts';
import type { PolicyCondition } from './model.ts';
import type { PolicyView } from './values.ts';

const LIMITS = { maxSize: 4096, maxCount: 64 };
const request = parseRequest(
  Buffer.from(
    'GET /a/b/c.html?x=1&flag&y=2 HTTP/1.1\r\nHost: Shop.example.com:8080\r\nCookie: s=1; t=2\r\n' +
      'Referer: https://ref.example.org/from?z=9\r\nAuthorization: Basic dXNlcjpwOnc=\r\nUser-Agent: curl/8.1 (x)\r\n\r\n',
  ),
  LIMITS,
);
const response = parseResponse(
  Buffer.from('HTTP/1.1 404 Not Found\r\nSet-Cookie: id=7; Path=/x; Domain=d\r\nServer: nginx\r\n\r\n'),
  LIMITS,
);
const view: PolicyView = {
  client: { address: '10.1.2.3', port: 5000 },
  local: { address: '10.9.9.9', port: 443 },
  routeDomain: 3,
  tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', cipherBits: 128 },
  hello: { serverName: 'shop.example.com', alpn: ['h2', 'http/1.1'] },
  request,
  response,
};

function condition(operand: string, more: Partial<PolicyCondition>): PolicyCondition {
  const fixed = { caseSensitive: false, not: false, missing: false, local: false, index: 0 };
  return { operand, selector: 'all', event: 'request', operator: 'equals', values: [], ...fixed, ...more };
}

describe('conditions of policies', () => {
  it.each<readonly [string, Partial<PolicyCondition>]>([
    ['httpUri', { selector: 'path', values: ['/A/b/C.html'] }],
    ['httpUri', { selector: 'path', operator: 'endsWith', values: ['.css', '.html'] }],
    ['httpUri', { selector: 'pathSegment', index: 2, values: ['b'] }],
    ['httpUri', { selector: 'pathSegment', index: -1, values: ['c.html'] }],
    ['httpUri', { selector: 'extension', values: ['html'] }],
    ['httpUri', { selector: 'queryString', operator: 'contains', values: ['flag'] }],
    ['httpUri', { selector: 'queryParameter', tmName: 'y', values: ['2'] }],
    ['httpUri', { selector: 'unnamedQueryParameter', index: 1, values: ['flag'] }],
    ['httpUri', { operator: 'startsWith', values: ['/a/'] }],
    ['httpHost', { selector: 'host', values: ['shop.example.com'] }],
    ['httpHost', { selector: 'port', operator: 'greater', values: ['8000'] }],
    ['httpHost', { values: ['shop.example.com:8080'] }],
    ['httpMethod', { values: ['POST', 'get'] }],
    ['httpCookie', { tmName: 't', values: ['2'] }],
    ['httpCookie', { tmName: 'none', missing: true, operator: 'exists' }],
    ['httpHeader', { tmName: 'HOST', operator: 'exists' }],
    ['httpHeader', { tmName: 'X-No', missing: true }],
    ['httpHeader', { tmName: 'server', event: 'response', values: ['nginx'] }],
    ['httpReferer', { selector: 'host', values: ['ref.example.org'] }],
    ['httpReferer', { selector: 'scheme', values: ['https'] }],
    ['httpBasicAuth', { selector: 'username', values: ['user'] }],
    ['httpBasicAuth', { selector: 'password', values: ['p:w'] }],
    ['httpUserAgent', { selector: 'userAgentToken', values: ['curl/8.1'] }],
    ['httpVersion', { values: ['HTTP/1.1'] }],
    ['httpVersion', { selector: 'minor', operator: 'greaterOrEqual', values: ['1'] }],
    ['httpStatus', { selector: 'code', event: 'response', operator: 'greaterOrEqual', values: ['400'] }],
    ['httpStatus', { selector: 'text', event: 'response', values: ['Not Found'] }],
    ['httpSetCookie', { selector: 'value', event: 'response', tmName: 'id', values: ['7'] }],
    ['httpSetCookie', { selector: 'path', event: 'response', values: ['/x'] }],
    [
      'sslExtension',
      { selector: 'serverName', event: 'sslClientHello', operator: 'endsWith', values: ['.example.com'] },
    ],
    ['sslExtension', { selector: 'alpn', event: 'sslClientHello', values: ['h2'] }],
    ['clientSsl', { selector: 'protocol', values: ['TLSv1.3'] }],
    ['clientSsl', { selector: 'cipherBits', operator: 'less', values: ['200'] }],
    ['tcp', { selector: 'address', operator: 'matches', values: ['192.168.0.0/16', '10.0.0.0/8'] }],
    ['tcp', { selector: 'address', local: true, values: ['10.9.9.9'] }],
    ['tcp', { selector: 'port', local: true, values: ['443'] }],
    ['tcp', { selector: 'routeDomain', values: ['3'] }],
    ['httpUri', { selector: 'path', not: true, values: ['/other'] }],
  ])('%s %o holds', (operand, more) => {
    expect(holds(condition(operand, more), view)).toBe(true);
    const turned = more.missing === true ? { ...more, missing: false } : { ...more, not: more.not !== true };
    expect(holds(condition(operand, turned), view)).toBe(false);
  });

  it('does not hold for what is not there, nor with a value that does not match', () => {
    expect(holds(condition('httpHeader', { tmName: 'X-No', not: true, values: ['a'] }), view)).toBe(false);
    expect(holds(condition('httpUri', { selector: 'path', caseSensitive: true, values: ['/A/b/c.html'] }), view)).toBe(
      false,
    );
    expect(holds(condition('geoip', { selector: 'countryCode', values: ['DE'] }), view)).toBe(false);
    expect(holds(condition('tcp', { selector: 'address', operator: 'matches', values: ['rubbish'] }), view)).toBe(
      false,
    );
    expect(holds(condition('httpHost', { selector: 'port', operator: 'less', values: [''] }), view)).toBe(false);
  });

  it('reads values of the request in parameters, and refuses what it does not understand', () => {
    const { response: answer, ...atRequest } = view;
    expect(expand('plain [HTTP::host]', atRequest)).toBe('plain [HTTP::host]');
    expect(expand('tcl:https://[HTTP::host][HTTP::path]?[HTTP::query]', atRequest)).toBe(
      'https://Shop.example.com:8080/a/b/c.html?x=1&flag&y=2',
    );
    expect(expand('tcl:[HTTP::header "user-agent"] [IP::client_addr]:[TCP::client_port]', atRequest)).toBe(
      'curl/8.1 (x) 10.1.2.3:5000',
    );
    expect(expand('tcl:[string tolower [getfield [HTTP::host] ":" 1]]/[HTTP::cookie t]', atRequest)).toBe(
      'shop.example.com/2',
    );
    expect(expand('tcl:[URI::basename [HTTP::uri]] [IP::local_addr] [SSL::sni]', atRequest)).toBe(
      'c.html 10.9.9.9 shop.example.com',
    );
    expect(expand('tcl:[HTTP::status] [HTTP::header server]', view)).toBe(`${answer?.status} nginx`);
    for (const bad of ['[exec rm]', '$nothing', '[no_such_command]', '[while {1} {set a 1}]', '[HTTP::host']) {
      expect(expand(`tcl:${bad}`, atRequest)).toBeUndefined();
    }
    expect(expand('tcl:[HTTP::host]', { client: view.client, local: view.local, routeDomain: 0 })).toBeUndefined();
  });
});
