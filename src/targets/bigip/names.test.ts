import { describe, expect, it } from 'vitest';
import { collectionPath, encodePath, identityOf, memberUri, nodePathOf, objectPath, withPort } from './names.ts';

describe('names in paths', () => {
  it.each([
    ['/P/web', '~P~web'],
    ['/P/app.app/web', '~P~app.app~web'],
    ['/P/10.0.0.1%2:80', '~P~10.0.0.1%252:80'],
    ['/P/2001:db8::1.80', '~P~2001:db8::1.80'],
    ['/P/10.0.0.0/24', '~P~10.0.0.0~24'],
    ['/P/a b#c?', '~P~a%20b%23c%3F'],
  ])('%s is %s', (path, encoded) => {
    expect(encodePath(path)).toBe(encoded);
  });

  it('objects stand below their collection, monitors by type, partitions without a tilde', () => {
    expect(objectPath({ kind: 'pool', path: '/P/web' })).toBe('/mgmt/tm/ltm/pool/~P~web');
    expect(objectPath({ kind: 'monitor', path: '/P/web', type: 'gateway-icmp' })).toBe(
      '/mgmt/tm/ltm/monitor/gateway-icmp/~P~web',
    );
    expect(objectPath({ kind: 'partition', path: '/P' })).toBe('/mgmt/tm/auth/partition/P');
    expect(collectionPath('virtual-address')).toBe('/mgmt/tm/ltm/virtual-address');
  });

  it('members are named after their node, in its partition', () => {
    const address = { ip: '10.0.0.1', routeDomain: 2 };
    expect(memberUri('/P/web', { address, port: 80 })).toBe('/mgmt/tm/ltm/pool/~P~web/members/~P~10.0.0.1%252:80');
    expect(memberUri('/P/app/web', { address: { ip: '2001:db8::1' }, port: 80 })).toBe(
      '/mgmt/tm/ltm/pool/~P~app~web/members/~P~2001:db8::1.80',
    );
    expect(memberUri('/P/web', { address, port: 80, node: '/Common/web1' })).toBe(
      '/mgmt/tm/ltm/pool/~P~web/members/~Common~web1:80',
    );
    expect(nodePathOf('/P/web', { address, port: 80 })).toBe('/P/10.0.0.1%2');
  });

  it('ports follow a colon, or a dot after an IPv6 address', () => {
    expect(withPort('/P/10.0.0.1', 80)).toBe('/P/10.0.0.1:80');
    expect(withPort('/P/2001:db8::1%2', 80)).toBe('/P/2001:db8::1%2.80');
  });

  it('bodies name the partition, and the folder only below one', () => {
    expect(identityOf('/P/web')).toEqual({ name: 'web', partition: 'P' });
    expect(identityOf('/P/a/b/web')).toEqual({ name: 'web', partition: 'P', subPath: 'a/b' });
    expect(identityOf('/P')).toEqual({ name: 'P' });
  });
});
