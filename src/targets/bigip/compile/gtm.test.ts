import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Change } from '../../../plan/plan.ts';
import type { RestRequest } from '../request.ts';
import { refOf } from '../../../ir/ref.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { diffObjects } from '../../../plan/diff.ts';
import { compileUnit } from './compile-unit.ts';
import { tmshCommand } from './tmsh.ts';

const ORIGIN = 'east:Service/default/web';
const mark = { instance: 'test', origins: [ORIGIN] };
const virtual: BigipObject = {
  kind: 'gtm-virtual-server',
  path: '/Common/bigip1:kubernetes_default_web',
  destination: { address: { ip: '10.1.10.50' }, port: 80 },
  mark,
};

function compile(change: Change, version: readonly number[] = [17, 1, 0]): readonly RestRequest[] {
  const context = { version, defaultRouteDomain: 0, partition: 'kubernetes' };
  return compileUnit({ id: change.ref, wave: 2, changes: [change], origins: [] }, new MemorySnapshot(), context);
}

const created = (after: BigipObject): Change => ({
  op: 'create',
  ref: refOf(after.kind, after.path),
  after,
  origins: [],
});

function updated(before: BigipObject, after: BigipObject): Change {
  const fields = diffObjects(before, after);
  return { op: 'update', ref: refOf(after.kind, after.path), before, after, fields, origins: [] };
}

describe('gtm as requests', () => {
  it('a virtual server of a server is one request below it, and never a list of the server', () => {
    const moved: BigipObject = { ...virtual, destination: { address: { ip: '10.1.10.51' }, port: 80 } };
    const place = '/mgmt/tm/gtm/server/~Common~bigip1/virtual-servers';
    const requests = [
      ...compile(created(virtual)),
      ...compile(updated(virtual, moved)),
      ...compile({ op: 'delete', ref: refOf(virtual.kind, virtual.path), before: virtual, origins: [] }),
    ];
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${place}`,
      `PATCH ${place}/kubernetes_default_web`,
      `DELETE ${place}/kubernetes_default_web`,
    ]);
    expect(requests[0]?.body).toEqual({
      name: 'kubernetes_default_web',
      destination: '10.1.10.50:80',
      description: `-- fairlead:test ${ORIGIN}`,
    });
    // What stood there may be its old address, which is no translation as long as it is there.
    expect(requests[1]?.body).toEqual({ destination: '10.1.10.51:80', translationAddress: 'none', translationPort: 0 });
    expect(requests.map(tmshCommand)).toEqual([
      `modify gtm server /Common/bigip1 virtual-servers add { kubernetes_default_web { destination 10.1.10.50:80 description "-- fairlead:test ${ORIGIN}" } }`,
      'modify gtm server /Common/bigip1 virtual-servers modify { kubernetes_default_web { destination 10.1.10.51:80 translation-address none translation-port 0 } }',
      'modify gtm server /Common/bigip1 virtual-servers delete { kubernetes_default_web }',
    ]);
  });

  it('pools and wide IPs stand below their type', () => {
    const pool: BigipObject = {
      kind: 'gtm-pool-a',
      path: '/kubernetes/web.example.com_hq',
      ttl: 60,
      members: [{ name: virtual.path, origin: ORIGIN }],
    };
    const wideip: BigipObject = {
      kind: 'wideip-a',
      path: '/kubernetes/web.example.com',
      pools: [{ path: pool.path, order: 0 }],
    };
    const requests = [...compile(created(pool)), ...compile(created(wideip))];
    expect(requests).toMatchObject([
      {
        path: '/mgmt/tm/gtm/pool/a',
        body: {
          members: [{ name: 'bigip1:kubernetes_default_web', partition: 'Common', description: ORIGIN, ratio: 1 }],
        },
      },
      {
        path: '/mgmt/tm/gtm/wideip/a',
        body: { pools: [{ name: 'web.example.com_hq', partition: 'kubernetes', order: 0, ratio: 1 }] },
      },
    ]);
    expect(requests.map(tmshCommand)).toEqual([
      `create gtm pool a /kubernetes/web.example.com_hq { ttl 60 members replace-all-with { /Common/bigip1:kubernetes_default_web { description ${ORIGIN} ratio 1 } } }`,
      'create gtm wideip a /kubernetes/web.example.com { pools replace-all-with { /kubernetes/web.example.com_hq { order 0 ratio 1 } } }',
    ]);
  });

  it('before 13.0 a BIG-IP is a single or a redundant one', () => {
    const server: BigipObject = {
      kind: 'gtm-server',
      path: '/Common/bigip1',
      datacenter: '/Common/hq',
      addresses: [{ address: '192.0.2.1' }],
    };
    const pair: BigipObject = {
      ...server,
      addresses: [
        { address: '192.0.2.1', device: 'one' },
        { address: '192.0.2.2', device: 'two' },
      ],
      product: 'bigip',
    };
    const addresses = [{ name: '192.0.2.1', deviceName: 'bigip1', translation: 'none' }];
    expect(compile(created(server), [12, 1, 6])[0]?.body).toMatchObject({ product: 'single-bigip', addresses });
    expect(compile(created(pair), [12, 1, 6])[0]?.body).toMatchObject({ product: 'redundant-bigip' });
    expect(compile(created(pair))[0]?.body).toMatchObject({ product: 'bigip' });
  });
});
