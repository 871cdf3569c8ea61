import type { VirtualServer } from '../../src/ir/virtual.ts';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { printEndpoint } from '../../src/ir/address.ts';
import { extractManifests } from './extract-manifests.ts';

const folder = join(import.meta.dirname, '../../examples/demo');

describe('examples/demo', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const documents = files.flatMap((name) =>
    parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document): unknown => document.toJS()),
  );
  const pool = { name: 'demo', ranges: ['10.1.10.0/28'] };
  const contributions = extractManifests([...documents, { kind: 'GoldenOptions', options: { addressPools: [pool] } }]);

  it('has nothing wrong with it', () => {
    expect(contributions.flatMap((one) => one.diagnostics)).toEqual([]);
  });

  it('gives these virtual servers', () => {
    const objects = contributions.flatMap((one) => one.objects);
    const virtuals = objects.filter((object): object is VirtualServer => object.kind === 'virtual');
    expect(virtuals.map((virtual) => `${virtual.path} ${printEndpoint(virtual.destination)}`)).toEqual([
      '/kubernetes/default_dns_dns-udp 10.1.10.1:53',
      '/kubernetes/default_dns_dns-tcp 10.1.10.1:53',
      '/kubernetes/default_web_http 10.1.10.2:80',
      '/kubernetes/shop_api_http 10.1.10.3:80',
      '/kubernetes/shop_cart_http 10.1.10.9:80',
      '/kubernetes/shop_cart_admin 10.1.10.9:443',
    ]);
  });
});
