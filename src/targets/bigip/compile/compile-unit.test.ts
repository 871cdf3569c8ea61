import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Pool, PoolMember } from '../../../ir/pool.ts';
import type { VirtualServer } from '../../../ir/virtual.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import type { Json, RestRequest } from '../request.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { awkwardText } from '../../../../test/arbitraries/objects.ts';
import { create, refOfObject, remove, unit, update } from '../../../../test/contract/target-units.ts';
import { decodeText } from '../decode/text.ts';
import { compileUnit } from './compile-unit.ts';
import { encodeText } from './text.ts';
import { joinInPieces, joinTokens, splitTokens } from './tokens.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'P' };

function compile(change: ReturnType<typeof create>, actual?: Actual): readonly RestRequest[] {
  return compileUnit(unit(change), new MemorySnapshot(actual === undefined ? [] : [[change.ref, actual]]), context);
}

const one: PoolMember = { address: { ip: '10.0.0.1' }, port: 80 };
const two: PoolMember = { address: { ip: '2001:db8::2' }, port: 80 };
const mark = { instance: 'east', origins: ['east:Service/default/web'] };

function pool(more: Partial<Pool> = {}): Pool {
  return { kind: 'pool', path: '/P/web', mark, members: [one], ...more };
}

function virtual(more: Partial<VirtualServer> = {}): VirtualServer {
  return {
    kind: 'virtual',
    path: '/P/web',
    destination: { address: { ip: '192.0.2.1' }, port: 80 },
    virtualAddress: '/P/192.0.2.1',
    ipProtocol: 'tcp',
    profiles: [{ path: '/Common/tcp', context: 'all' }],
    ...more,
  };
}

function patchOf(before: BigipObject, after: BigipObject): Json | undefined {
  const requests = compile(update(before, after));
  expect(requests).toHaveLength(1);
  expect(requests[0]?.method).toBe('PATCH');
  return requests[0]?.body;
}

describe('creating', () => {
  it('sends the whole object in one POST, and nothing that is unset', () => {
    expect(compile(create(pool({ members: [{ ...one, ratio: 3 }], monitor: { monitors: ['/P/a', '/P/b'] } })))).toEqual(
      [
        {
          method: 'POST',
          path: '/mgmt/tm/ltm/pool',
          ref: 'pool:/P/web',
          body: {
            name: 'web',
            partition: 'P',
            monitor: '/P/a and /P/b',
            members: [
              {
                name: '10.0.0.1:80',
                partition: 'P',
                session: 'user-enabled',
                state: 'user-up',
                ratio: 3,
                priorityGroup: 0,
                connectionLimit: 0,
              },
            ],
            metadata: [
              { name: 'fairlead-instance', value: 'east' },
              { name: 'fairlead-origins', value: 'east:Service/default/web' },
            ],
          },
        },
      ],
    );
  });

  it('gives a virtual server its mask and the source of its family', () => {
    expect(compile(create(virtual()))[0]?.body).toEqual({
      name: 'web',
      partition: 'P',
      destination: '/P/192.0.2.1:80',
      mask: '255.255.255.255',
      source: '0.0.0.0/0',
      ipProtocol: 'tcp',
      profiles: [{ name: '/Common/tcp', context: 'all' }],
    });
    const six = virtual({
      destination: { address: { ip: '2001:db8::1', routeDomain: 2 }, port: 80 },
      virtualAddress: '/P/2001:db8::1%2',
    });
    expect(compile(create(six))[0]?.body).toMatchObject({
      destination: '/P/2001:db8::1%2.80',
      mask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      source: '::%2/0',
    });
    const bodyOf = (source: string): Json | undefined => compile(create({ ...six, source }))[0]?.body;
    expect(bodyOf('2001:db8::/32')).toMatchObject({ source: '2001:db8::%2/32' });
    expect(bodyOf('2001:db8::1')).toMatchObject({ source: '2001:db8::1%2' });
    expect(bodyOf('2001:db8::%3/32')).toMatchObject({ source: '2001:db8::%3/32' });
  });

  it('makes virtual addresses that stay when their last virtual server goes', () => {
    const wildcard = (ip: string): BigipObject => ({ kind: 'virtual-address', path: `/P/${ip}`, address: { ip } });
    expect(compile(create(wildcard('192.0.2.1')))[0]?.body).toEqual({
      name: '192.0.2.1',
      partition: 'P',
      address: '192.0.2.1',
      mask: '255.255.255.255',
      autoDelete: 'false',
    });
    expect(compile(create(wildcard('0.0.0.0')))[0]?.body).toMatchObject({ mask: 'any' });
    expect(compile(create(wildcard('::')))[0]?.body).toMatchObject({ mask: 'any6' });
  });

  it('posts monitors to the collection of their type, with the mark in the description', () => {
    const monitor: BigipObject = {
      kind: 'monitor',
      path: '/P/web',
      type: 'gateway-icmp',
      description: 'for web',
      mark,
    };
    expect(compile(create(monitor))).toMatchObject([
      {
        path: '/mgmt/tm/ltm/monitor/gateway-icmp',
        body: { name: 'web', description: 'for web -- fairlead:east east:Service/default/web' },
      },
    ]);
  });

  it('names a partition without a partition', () => {
    expect(compile(create({ kind: 'partition', path: '/P' }))).toEqual([
      { method: 'POST', path: '/mgmt/tm/auth/partition', ref: 'partition:/P', body: { name: 'P' } },
    ]);
  });
});

describe('a pool in which one member changes', () => {
  const members = '/mgmt/tm/ltm/pool/~P~web/members';

  it('is one POST for a new member, with all that it is', () => {
    expect(compile(update(pool(), pool({ members: [one, { ...two, adminState: 'disabled' }] })))).toEqual([
      {
        method: 'POST',
        path: members,
        ref: 'pool:/P/web',
        body: {
          name: '2001:db8::2.80',
          partition: 'P',
          session: 'user-disabled',
          state: 'user-up',
          ratio: 1,
          priorityGroup: 0,
          connectionLimit: 0,
        },
      },
    ]);
  });

  it('is one PATCH with the changed properties for a changed member', () => {
    const changed = pool({ members: [{ ...one, adminState: 'offline' }] });
    expect(compile(update(pool(), changed))).toEqual([
      {
        method: 'PATCH',
        path: `${members}/~P~10.0.0.1:80`,
        ref: 'pool:/P/web',
        body: { session: 'user-disabled', state: 'user-down' },
      },
    ]);
    expect(compile(update(changed, pool({ members: [{ ...one, ratio: 2 }] })))[0]?.body).toEqual({
      session: 'user-enabled',
      state: 'user-up',
      ratio: 2,
    });
  });

  it('is one DELETE for a member that goes', () => {
    expect(compile(update(pool({ members: [one, two] }), pool()))).toEqual([
      { method: 'DELETE', path: `${members}/~P~2001:db8::2.80`, ref: 'pool:/P/web' },
    ]);
  });

  it('is a PATCH of the pool if the ledger changes along, even if the plan does not name it', () => {
    const after = pool({ members: [one], nodeLedger: { unused: ['2001:db8::2'] } });
    const full = update(pool({ members: [one, two] }), after);
    if (full.op !== 'update') throw new Error('an update is expected');
    const unnamed = { ...full, fields: full.fields.filter(({ field }) => field !== 'nodeLedger') };
    for (const change of [full, unnamed]) {
      const [request, ...more] = compile(change);
      expect(more).toEqual([]);
      expect(request).toMatchObject({ method: 'PATCH', path: '/mgmt/tm/ltm/pool/~P~web' });
      expect(Object.keys(request?.body ?? {}).sort()).toEqual(['members', 'metadata']);
      expect(request?.body?.['metadata']).toContainEqual({ name: 'fairlead-unused-nodes', value: '2001:db8::2' });
    }
  });

  it('is a PATCH of the pool if the plan names a member that neither has', () => {
    const change = update(pool(), pool({ members: [one, two] }));
    if (change.op !== 'update') throw new Error('an update is expected');
    const fields = [{ field: 'members', item: '10.9.9.9:1', from: undefined, to: undefined }];
    expect(compile({ ...change, fields })[0]).toMatchObject({ method: 'PATCH', path: '/mgmt/tm/ltm/pool/~P~web' });
  });

  it('is a PATCH of the pool if the member moves to another node, or another field changes too', () => {
    const moved = pool({ members: [{ ...one, node: '/Common/web1' }] });
    expect(patchOf(pool(), moved)).toMatchObject({ members: [{ name: 'web1:80', partition: 'Common' }] });
    expect(patchOf(pool(), pool({ members: [one, two], slowRampTime: 5 }))).toMatchObject({ slowRampTime: 5 });
    expect(patchOf(pool(), pool({ members: [two] }))).toMatchObject({ members: [{ name: '2001:db8::2.80' }] });
  });
});

describe('updating', () => {
  it('sends the changed properties only', () => {
    expect(patchOf(pool(), pool({ description: 'x' }))).toEqual({ description: 'x' });
    const full = pool({
      description: 'x',
      loadBalancingMode: 'ratio-member',
      monitor: { minimum: 1, monitors: ['/P/a', '/P/b'] },
      serviceDownAction: 'drop',
      slowRampTime: 1,
      minActiveMembers: 2,
    });
    expect(patchOf(pool(), full)).toMatchObject({ monitor: 'min 1 of /P/a /P/b' });
    expect(patchOf(full, pool())).toEqual({
      description: 'none',
      loadBalancingMode: 'round-robin',
      monitor: 'none',
      serviceDownAction: 'none',
      slowRampTime: 10,
      minActiveMembers: 0,
    });
    expect(patchOf(full, pool({ ...full, minActiveMembers: 0 }))).toEqual({ minActiveMembers: 0 });
  });

  it('takes a rule without monitors for none', () => {
    const watched = pool({ monitor: { monitors: ['/Common/tcp'] } });
    expect(patchOf(watched, pool({ monitor: { monitors: [] } }))).toEqual({ monitor: 'none' });
  });

  it('clears what a virtual server no longer has, with the word that the device wants', () => {
    const full = virtual({
      description: 'x',
      source: '10.0.0.0/8',
      pool: '/P/web',
      persistence: '/Common/cookie',
      fallbackPersistence: '/Common/source_addr',
      sourceAddressTranslation: { type: 'snat', pool: '/Common/s' },
      rules: ['/Common/r'],
      vlans: { mode: 'only', vlans: ['/Common/a'] },
      connectionLimit: 5,
      enabled: false,
      mark,
    });
    expect(patchOf(virtual(), full)).toMatchObject({
      persist: [{ name: '/Common/cookie', tmDefault: 'yes' }],
      sourceAddressTranslation: { type: 'snat', pool: '/Common/s' },
      vlansEnabled: true,
      disabled: true,
    });
    expect(patchOf(full, virtual())).toEqual({
      description: 'none',
      source: '0.0.0.0/0',
      pool: 'none',
      persist: [],
      fallbackPersistence: 'none',
      sourceAddressTranslation: { type: 'none', pool: 'none' },
      rules: [],
      vlansDisabled: true,
      vlans: [],
      connectionLimit: 0,
      enabled: true,
      metadata: [],
    });
  });

  it('names the pool none when it changes to automap, or the old SNAT pool stays referenced', () => {
    const snat = virtual({ sourceAddressTranslation: { type: 'snat', pool: '/Common/s' } });
    const automap = virtual({ sourceAddressTranslation: { type: 'automap' } });
    expect(patchOf(snat, automap)).toEqual({ sourceAddressTranslation: { type: 'automap', pool: 'none' } });
  });

  it('keeps an exclusion list of VLANs apart from a list of VLANs', () => {
    const except = virtual({ vlans: { mode: 'except', vlans: ['/Common/a'] } });
    expect(patchOf(virtual(), except)).toEqual({ vlansDisabled: true, vlans: ['/Common/a'] });
  });

  it('moves the source along with the family of the destination', () => {
    const to = (ip: string): VirtualServer =>
      virtual({ destination: { address: { ip }, port: 80 }, virtualAddress: `/P/${ip}` });
    expect(patchOf(virtual(), to('192.0.2.2'))).toEqual({ destination: '/P/192.0.2.2:80', mask: '255.255.255.255' });
    const inTwo = virtual({ destination: { address: { ip: '192.0.2.2', routeDomain: 2 }, port: 80 } });
    expect(patchOf(virtual(), inTwo)).toMatchObject({ source: '0.0.0.0%2/0' });
    expect(patchOf(virtual(), to('2001:db8::1'))).toMatchObject({ destination: '/P/2001:db8::1.80', source: '::/0' });
  });

  it('sends metadata of others back with every write of the field', () => {
    const otherMetadata = [{ name: 'owner', value: 'team a', persist: 'true' }];
    const after = pool({ mark: { instance: 'east', origins: ['a:B/c', 'a:B/d'] } });
    const [request] = compile(update(pool(), after), { object: pool(), otherMetadata });
    expect(request?.body).toEqual({
      metadata: [
        ...otherMetadata,
        { name: 'fairlead-instance', value: 'east' },
        { name: 'fairlead-origins', value: 'a:B/c a:B/d' },
      ],
    });
  });

  it('adopts a virtual address for good: it no longer goes with its virtual server', () => {
    const before: BigipObject = { kind: 'virtual-address', path: '/P/192.0.2.1', address: { ip: '192.0.2.1' } };
    const change = update(before, { ...before, mark });
    expect(compile(change)[0]?.body).not.toHaveProperty('autoDelete');
    if (change.op !== 'update') throw new Error('an update is expected');
    expect(compile({ ...change, adopts: true })[0]?.body).toMatchObject({ autoDelete: 'false' });
  });

  it('leaves out what the device refuses to modify, and a request with nothing in it', () => {
    const node: BigipObject = { kind: 'node', path: '/P/n', address: { ip: '10.0.0.1' } };
    expect(compile(update(node, { ...node, address: { ip: '10.0.0.2' } }))).toEqual([]);
    expect(patchOf(node, { ...node, description: 'x', mark })).toHaveProperty('metadata');
    const vip: BigipObject = { kind: 'virtual-address', path: '/P/v', address: { ip: '192.0.2.1' } };
    expect(compile(update(vip, { ...vip, address: { ip: '192.0.2.2' } }))).toEqual([]);
    const monitor: BigipObject = {
      kind: 'monitor',
      path: '/P/m',
      type: 'http',
      interval: 7,
      timeout: 9,
      send: 'x',
      receive: 'y',
    };
    expect(patchOf(monitor, { kind: 'monitor', path: '/P/m', type: 'http' })).toEqual({
      interval: 5,
      timeout: 16,
      send: 'GET /\\r\\n',
      recv: 'none',
    });
    const tcp: BigipObject = { kind: 'monitor', path: '/P/t', type: 'tcp', send: 'x' };
    expect(patchOf(tcp, { kind: 'monitor', path: '/P/t', type: 'tcp' })).toEqual({ send: 'none' });
    expect(
      patchOf({ kind: 'partition', path: '/P', defaultRouteDomain: 1 }, { kind: 'partition', path: '/P' }),
    ).toEqual({
      defaultRouteDomain: 0,
    });
  });

  it('inherits a traffic group that is no longer its own', () => {
    const address: BigipObject = { kind: 'virtual-address', path: '/P/192.0.2.1', address: { ip: '192.0.2.1' } };
    const own: BigipObject = {
      ...address,
      trafficGroup: '/Common/tg',
      arp: 'disabled',
      icmpEcho: 'disabled',
      routeAdvertisement: 'all',
    };
    expect(patchOf(own, address)).toEqual({
      inheritedTrafficGroup: 'true',
      arp: 'enabled',
      icmpEcho: 'enabled',
      routeAdvertisement: 'disabled',
    });
    expect(patchOf(address, own)).toMatchObject({ trafficGroup: '/Common/tg' });
  });
});

describe('deleting', () => {
  it('is a DELETE in the order of the changes, optional if the plan says so', () => {
    const node: BigipObject = { kind: 'node', path: '/P/10.0.0.1%2', address: { ip: '10.0.0.1', routeDomain: 2 } };
    expect(compileUnit(unit(remove(pool()), remove(node, true)), new MemorySnapshot(), context)).toEqual([
      { method: 'DELETE', path: '/mgmt/tm/ltm/pool/~P~web', ref: 'pool:/P/web' },
      { method: 'DELETE', path: '/mgmt/tm/ltm/node/~P~10.0.0.1%252', ref: refOfObject(node), optional: true },
    ]);
  });
});

describe('texts', () => {
  it('survive in a form that no device refuses or escapes', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        const encoded = encodeText(text);
        expect(encoded).not.toMatch(/[<>\\"?{}]/);
        expect(encoded.trim()).toBe(encoded);
        expect(encoded).not.toBe('none');
        expect(decodeText(encoded)).toBe(text);
      }),
    );
    expect(encodeText('Service default/web (cluster east) & co.')).toBe('Service default/web (cluster east) & co.');
  });

  it('in lists survive too, in pieces that a device can store', () => {
    fc.assert(
      fc.property(fc.array(awkwardText), (texts) => {
        const joined = joinTokens(texts);
        expect(joined).toMatch(/^[\x21-\x7E ]*$/);
        expect(splitTokens(joined)).toEqual(texts);
        expect(joinInPieces(texts, 50).flatMap(splitTokens)).toEqual(texts);
      }),
    );
    const origins = Array.from(
      { length: 3000 },
      (_, index) => `east:Service/namespace-${index}/a-rather-long-name-${index}`,
    );
    const [request] = compile(create(pool({ mark: { instance: 'east', origins } })));
    const entries = request?.body?.['metadata'] as { name: string; value: string }[];
    expect(entries.length).toBeGreaterThan(3);
    expect(Math.max(...entries.map(({ value }) => value.length))).toBeLessThan(65_535);
    expect(entries.slice(1, 3).map(({ name }) => name)).toEqual(['fairlead-origins', 'fairlead-origins-2']);
  });
});
