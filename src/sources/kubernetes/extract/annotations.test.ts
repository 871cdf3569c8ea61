import type { AnnotationSpec } from './annotation-spec.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotations } from './annotations.ts';

const DOCS = join(import.meta.dirname, '../../../../docs/annotations.md');
const specs = Object.entries(annotations as Readonly<Record<string, AnnotationSpec<unknown>>>);

function table(): string {
  const rows = specs.map(([name, spec]) => {
    const places = { port: 'ports', Service: 'Service', Ingress: 'Ingress' };
    const on = spec.ingress === true ? `${places[spec.on]}, Ingress` : places[spec.on];
    return `| \`${name}\` | ${on} | ${spec.effect} | ${spec.form} | ${spec.default} | \`${spec.example}\` |`;
  });
  return ['| name | on | effect | value | without it | example |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

describe('annotations', () => {
  it('are documented in docs/annotations.md, word by word', () => {
    const docs = readFileSync(DOCS, 'utf8');
    const written = docs.replace(
      /(<!-- table:start -->\n)[^]*(<!-- table:end -->)/,
      (_, start: string, end: string) => `${start}${table()}\n${end}`,
    );
    expect(written).toContain(table());
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCS, written);
    expect(readFileSync(DOCS, 'utf8')).toBe(written);
  });

  it.each(specs)('%s reads its own example', (_, spec) => {
    expect(spec.parse(spec.example)).toBeDefined();
  });

  it.each(specs)('%s refuses an empty text', (_, spec) => {
    expect(spec.parse('')).toBeUndefined();
  });

  const bad: Readonly<Record<keyof typeof annotations, string>> = {
    expose: 'yes',
    address: '10.1.10.50,10.1.10.51',
    'address-pool': ' ',
    members: 'pods',
    type: 'tcp',
    profiles: '/Common/tcp,/Common/tcp',
    'http-profile': 'http',
    snat: 'auto map',
    persistence: 'cookie',
    'fallback-persistence': '/Common/a\n/Common/b',
    rules: '/Common/a,/Common/a',
    policies: 'ingress',
    vlans: 'except',
    hostname: 'shop.example.com,-x.example.com',
    'dns-port': '',
    'dns-target': '203.0.113.50,www.example.net',
    'dns-ttl': '-1',
    'connection-limit': '-1',
    'load-balancing-mode': 'fastest',
    'service-down-action': 'drop { }',
    'slow-ramp-time': '901',
    pool: 'my pool',
    'min-active-members': '-1',
    monitor: '/Common/http or /Common/tcp',
    'monitor-type': 'icmp',
    'monitor-send': '\0',
    'monitor-receive': '',
    'monitor-interval': '1.5',
    'monitor-timeout': '1',
    'http-port': '0',
    'https-port': 'none',
    'ssl-redirect': 'yes',
    'redirect-code': '300',
    hsts: '31536000 includeSubdomain',
    'source-ranges': '10.0.0.1',
    affinity: 'ip',
    'affinity-cookie': 'SHOP ID',
    'forwarded-headers': 'for,agent',
    'max-body-size': '1 MiB',
    'rewrite-path': '/[exec rm]',
    'rewrite-host': 'shop internal',
    'backend-tls': 'true',
    'backend-tls-ca': 'ca.crt',
    'backend-tls-name': '*',
    'tcp-profile': 'tcp',
    'idle-timeout': '0',
    'default-certificate': ' ',
  };
  it.each(specs)('%s refuses a value of a wrong form', (name, spec) => {
    expect(spec.parse(bad[name as keyof typeof annotations])).toBeUndefined();
  });

  it.each(specs)('%s leaves room for a port name in the 63 characters of an annotation', (name) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(name.length + 1 + 15).toBeLessThanOrEqual(63);
  });
});
