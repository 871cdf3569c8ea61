import { describe, expect, it } from 'vitest';
import { decodeObject } from './decode-object.ts';

const context = { version: [14, 1, 0], defaultRouteDomain: 0, partition: 'kubernetes' };
const link = 'https://localhost/mgmt/tm/gtm/server';

describe('gtm as devices show it', () => {
  it('a virtual server of a server is named by its link, whatever its name', () => {
    const body = {
      name: 'vs1',
      fullPath: 'vs1',
      destination: '4.4.4.4:0',
      translationAddress: 'none',
      translationPort: 0,
    };
    const selfLink = `${link}/~Common~server1/virtual-servers/vs1?ver=13.0.0`;
    expect(decodeObject('gtm-virtual-server', { ...body, selfLink }, context)).toEqual({
      object: {
        kind: 'gtm-virtual-server',
        path: '/Common/server1:vs1',
        destination: { address: { ip: '4.4.4.4' }, port: 0 },
      },
    });
    const discovered = {
      ...body,
      name: '/Common/vs2',
      selfLink: `${link}/~Common~server1/virtual-servers/~Common~vs2`,
    };
    expect(decodeObject('gtm-virtual-server', discovered, context).object.path).toBe('/Common/server1:/Common/vs2');
  });

  it('one whose destination cannot be read does not stop the rest', () => {
    const body = { name: 'x', destination: 'nonsense', selfLink: `${link}/~Common~s/virtual-servers/x` };
    expect(decodeObject('gtm-virtual-server', body, context).object).toMatchObject({ path: '/Common/s:x' });
  });

  it('members of 14.1 without partition, and wildcards with a backslash, are what they were', () => {
    const items = [{ name: 'testA.com:vs1', fullPath: 'testA.com:vs1', ratio: 1, memberOrder: 0 }];
    const pool = { name: 'p', partition: 'Common', fullPath: '/Common/p', ttl: 30, membersReference: { items } };
    expect(decodeObject('gtm-pool-a', pool, context).object).toEqual({
      kind: 'gtm-pool-a',
      path: '/Common/p',
      members: [{ name: '/Common/testA.com:vs1' }],
    });
    const wideip = {
      name: String.raw`\*.example.com`,
      partition: 'kubernetes',
      fullPath: String.raw`/kubernetes/\*.example.com`,
    };
    expect(decodeObject('wideip-a', wideip, context).object).toEqual({
      kind: 'wideip-a',
      path: '/kubernetes/*.example.com',
    });
  });

  it('products of a BIG-IP before 13.0 are the one of today', () => {
    const body = { name: 's', partition: 'Common', datacenter: '/Common/hq', product: 'single-bigip' };
    const addresses = [{ name: '1.1.1.1', deviceName: 's', translation: 'none' }];
    expect(decodeObject('gtm-server', { ...body, addresses }, context).object).toEqual({
      kind: 'gtm-server',
      path: '/Common/s',
      datacenter: '/Common/hq',
      addresses: [{ address: '1.1.1.1' }],
    });
  });
});
