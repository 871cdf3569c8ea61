import { describe, expect, it } from 'vitest';
import { virtual } from '../test-kit.ts';
import { headerValues, parseRequest, parseResponse } from './head.ts';
import { rewriteRedirect } from './redirect-rewrite.ts';

const LIMITS = { maxSize: 4096, maxCount: 64 };
const REQUEST = parseRequest(Buffer.from('GET /docs HTTP/1.1\r\nHost: a.example\r\n\r\n'), LIMITS);

function rewritten(redirectRewrite: string, location: string, status = 302): string | undefined {
  const response = parseResponse(Buffer.from(`HTTP/1.1 ${status} x\r\nLocation: ${location}\r\n\r\n`), LIMITS);
  const way = { settings: { redirectRewrite }, virtual: virtual({ address: '192.0.2.1' }) };
  return headerValues(rewriteRedirect(response, REQUEST, way), 'location')[0];
}

describe('the redirects of servers', () => {
  it('stay as they are by default, when they are no http ones, and in other answers', () => {
    expect(rewritten('none', 'http://b.example/')).toBe('http://b.example/');
    expect(rewritten('all', '/docs/')).toBe('/docs/');
    expect(rewritten('all', 'https://b.example/')).toBe('https://b.example/');
    expect(rewritten('all', 'http://b.example/', 201)).toBe('http://b.example/');
  });

  it('go to https: all of them, those to what was asked for, or those to addresses', () => {
    expect(rewritten('all', 'http://b.example:81/x?y')).toBe('https://b.example:81/x?y');
    expect(rewritten('matching', 'http://a.example/docs/')).toBe('https://a.example/docs/');
    expect(rewritten('matching', 'http://a.example/other')).toBe('http://a.example/other');
    expect(rewritten('matching', 'http://b.example/docs/')).toBe('http://b.example/docs/');
    expect(rewritten('nodes', 'http://10.0.0.1:8080/x')).toBe('https://192.0.2.1/x');
    expect(rewritten('nodes', 'http://[2001:db8::1]/x')).toBe('https://192.0.2.1/x');
    expect(rewritten('nodes', 'http://a.example/docs')).toBe('http://a.example/docs');
  });
});
