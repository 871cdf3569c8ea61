import { describe, expect, it } from 'vitest';
import { decodeObject } from './decode-object.ts';
import { UnreadableAnswer } from './values.ts';

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

  it('what a body leaves out is not set; items without a name are none', () => {
    expect(decodeObject('gtm-server', { name: 's', addresses: [{ translation: '10.0.0.1' }] }, context).object).toEqual(
      {
        kind: 'gtm-server',
        path: '/Common/s',
        addresses: [],
      },
    );
    const members = { membersReference: { items: [{ ratio: 2 }, { name: 's:vs1', description: 'none' }] } };
    expect(decodeObject('gtm-pool-a', { name: 'p', ...members }, context).object).toEqual({
      kind: 'gtm-pool-a',
      path: '/Common/p',
      members: [{ name: '/Common/s:vs1' }],
    });
    expect(decodeObject('wideip-aaaa', { name: 'a.b', pools: [{ ratio: 1 }, { name: 'p' }] }, context).object).toEqual({
      kind: 'wideip-aaaa',
      path: '/Common/a.b',
      pools: [{ path: '/Common/p', order: 1 }],
    });
    const link11 = `${link}/s/virtual-servers/x`;
    const virtual = { name: 'x', selfLink: link11, translationAddress: '10.0.0.1' };
    expect(decodeObject('gtm-virtual-server', virtual, context).object).toMatchObject({
      path: '/Common/s:x',
      destination: { address: { ip: '0.0.0.0' }, port: 0 },
      translation: { address: { ip: '10.0.0.1' }, port: 0 },
    });
  });

  it('a virtual server of nobody is an answer that cannot be read', () => {
    expect(() => decodeObject('gtm-virtual-server', { name: 'x', destination: '10.0.0.1:80' }, context)).toThrow(
      UnreadableAnswer,
    );
    const nameless = { selfLink: `${link}/~Common~s/virtual-servers/x` };
    expect(() => decodeObject('gtm-virtual-server', nameless, context)).toThrow(UnreadableAnswer);
  });
});
