import { describe, expect, it } from 'vitest';
import type { BigipObject } from './objects.ts';
import type { VirtualServer } from './virtual.ts';
import { canonical } from './canonical.ts';
import { descriptorOf } from './objects.ts';

const virtual: VirtualServer = {
  kind: 'virtual',
  path: '/k/web',
  destination: { address: { ip: '10.0.0.1' }, port: 443 },
  virtualAddress: '/k/10.0.0.1',
  ipProtocol: 'tcp',
  profiles: [
    { path: '/Common/tcp', context: 'all' },
    { path: '/k/shop', context: 'clientside' },
  ],
  persistence: '/k/cookie',
  fallbackPersistence: '/Common/source_addr',
  policies: ['/k/l7'],
};

function references(object: BigipObject): readonly string[] {
  return descriptorOf(object.kind).references(object);
}

describe('profiles of our own', () => {
  it('are among what a virtual server needs, whatever their type, and those of /Common are not', () => {
    expect(references(virtual)).toEqual([
      'virtual-address:/k/10.0.0.1',
      'client-ssl:/k/shop',
      'server-ssl:/k/shop',
      'http-profile:/k/shop',
      'tcp-profile:/k/shop',
      'persistence-cookie:/k/cookie',
      'persistence-source-addr:/k/cookie',
      'policy:/k/l7',
    ]);
    const { profiles, policies } = descriptorOf('virtual').fields as unknown as {
      readonly [F in 'profiles' | 'policies']: { readonly parts: { references: (item: unknown) => readonly string[] } };
    };
    expect(profiles.parts.references(virtual.profiles[1])).toContain('client-ssl:/k/shop');
    expect(policies.parts.references('/k/l7')).toEqual(['policy:/k/l7']);
  });

  it('need their files, each once', () => {
    expect(
      references({ kind: 'client-ssl', path: '/k/a', cert: '/k/a.crt', key: '/k/a.key', chain: '/k/a.crt' }),
    ).toEqual(['ssl-cert:/k/a.crt', 'ssl-key:/k/a.key']);
    expect(references({ kind: 'server-ssl', path: '/k/a', caFile: '/k/a.ca.crt' })).toEqual(['ssl-cert:/k/a.ca.crt']);
    expect(references({ kind: 'http-profile', path: '/k/a' })).toEqual([]);
    expect(references({ kind: 'persistence-cookie', path: '/k/a' })).toEqual([]);
    expect(references({ kind: 'persistence-source-addr', path: '/k/a' })).toEqual([]);
  });

  it("leave out what the device's own parent says anyway, and nothing with a parent of one's own", () => {
    const plain = { kind: 'server-ssl', path: '/k/a', ciphers: 'DEFAULT', peerCertMode: 'ignore' } as const;
    expect(canonical(plain)).toEqual({ kind: 'server-ssl', path: '/k/a' });
    expect(canonical({ ...plain, defaultsFrom: '/k/parent' })).toEqual({ ...plain, defaultsFrom: '/k/parent' });
  });

  it('files have no description and no mark: the device has no place for them', () => {
    const mark = { instance: 'i', origins: ['a:B/c'] };
    expect(canonical({ kind: 'ssl-cert', path: '/k/a.crt', checksum: 'SHA1:1:a', description: 'x', mark })).toEqual({
      kind: 'ssl-cert',
      path: '/k/a.crt',
      checksum: 'SHA1:1:a',
    });
  });
});
