import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../ir/objects.ts';
import type { Json } from '../request.ts';
import { decodeObject } from './decode-object.ts';

const folder = join(import.meta.dirname, '../../../../../shared/reference/device-recordings');
const isThere = existsSync(folder);
if (!isThere) process.stderr.write('decode of device recordings: skipped, the recordings are not beside the project\n');

const context = { version: [13, 0, 0], defaultRouteDomain: 0, partition: 'Common' };

function load(path: string): Json {
  return JSON.parse(readFileSync(join(folder, path), 'utf8')) as Json;
}

function decode(kind: Kind, file: string): unknown {
  return decodeObject(kind, load(file), context);
}

describe.skipIf(!isThere)('decoding what devices showed', () => {
  it('reads a pool of 11.5.4 with "min 1 of"', () => {
    expect(decode('pool', 'f5-ansible/load_ltm_pool.json')).toEqual({
      object: {
        kind: 'pool',
        path: '/Common/test_pool',
        description: 'test',
        monitor: { minimum: 1, monitors: ['/Common/http', '/Common/inband'] },
        serviceDownAction: 'reselect',
      },
    });
  });

  it('reads the reply to the POST of a bare pool (11.6.0) as a pool with nothing set', () => {
    const file = 'f5-common-python/devtools/device_configs/create_pool_response.json';
    expect(decode('pool', file)).toEqual({ object: { kind: 'pool', path: '/Common/generatetestjson' } });
  });

  it('reads an expanded virtual server of 12.0.0 with all its profiles', () => {
    expect(decode('virtual', 'f5-ansible/load_ltm_virtual_3.json')).toEqual({
      object: {
        kind: 'virtual',
        path: '/Common/my-virtual-server',
        description: 'Test Virtual Server',
        destination: { address: { ip: '10.10.10.10' }, port: 443 },
        virtualAddress: '/Common/10.10.10.10',
        ipProtocol: 'tcp',
        profiles: [
          { path: '/Common/clientssl', context: 'clientside' },
          { path: '/Common/http', context: 'all' },
          { path: '/Common/tcp', context: 'clientside' },
          { path: '/Common/tcp-legacy', context: 'serverside' },
        ],
        sourceAddressTranslation: { type: 'automap' },
        rules: ['/Common/web_logging'],
        policies: ['/Common/policy1'],
      },
    });
  });

  it('reads a virtual server of 12.1.2 that was not expanded', () => {
    expect(decode('virtual', 'f5-ansible/load_ltm_virtual_1.json')).toMatchObject({
      object: { ipProtocol: 'any', profiles: [], sourceAddressTranslation: { type: 'automap' } },
    });
  });

  it('reads a node with an address and one with a name', () => {
    expect(decode('node', 'f5-ansible/load_ltm_node_1.json')).toEqual({
      object: {
        kind: 'node',
        path: '/Common/foo',
        description: 'my description of node',
        address: { ip: '1.2.3.4' },
      },
    });
    expect(decode('node', 'f5-ansible/load_ltm_node_2.json')).toMatchObject({ object: { address: { ip: '::' } } });
  });

  it('reads monitors of 12.1.0 and 13.0.0', () => {
    expect(decode('monitor', 'f5-ansible/load_ltm_monitor_tcp.json')).toEqual({
      object: {
        kind: 'monitor',
        path: '/Common/foo',
        type: 'tcp',
        interval: 20,
        timeout: 30,
        send: 'this is a send string',
        receive: 'this is a receive string',
      },
    });
    for (const type of ['http', 'https', 'udp']) {
      expect(decode('monitor', `f5-ansible/load_ltm_monitor_${type}.json`)).toMatchObject({
        object: { kind: 'monitor', path: '/Common/asdf', type, receive: 'hello world' },
      });
    }
  });

  it('refuses a monitor of a type that it does not know, and says which it knows', () => {
    expect(() => decode('monitor', 'f5-ansible/load_ltm_monitor_ftp.json')).toThrow(
      /monitor \/Common\/foo_ftp: kind is "tm:ltm:monitor:ftp:ftpstate", expected one of .*tm:ltm:monitor:udp:udpstate/,
    );
  });

  it('reads a virtual address of a collection of 13.1.0.4', () => {
    const { items } = load('f5-ansible/load_ltm_virtual_address_collection_1.json') as { items?: Json[] };
    expect(items?.map((item) => decodeObject('virtual-address', item, context))).toEqual([
      { object: { kind: 'virtual-address', path: '/Common/2.3.4.5', address: { ip: '2.3.4.5' } } },
    ]);
  });

  it('reads the members of pools, and metadata of others, of 12.1.0', () => {
    const data = load('f5-cccl/f5_cccl/test/bigip_data.json') as Readonly<Record<string, Json[] | undefined>>;
    const pools = data['pools']?.map((body) => decodeObject('pool', body, context).object);
    expect(pools?.[1]).toEqual({
      kind: 'pool',
      path: '/test/pool1',
      monitor: { monitors: ['/Common/tcp'] },
      members: [
        { address: { ip: '5.6.7.8' }, port: 30_001 },
        { address: { ip: '5.6.7.8' }, port: 30_002 },
      ],
    });
    const virtuals = data['virtuals']?.map((body) => decodeObject('virtual', body, context));
    expect(virtuals?.map(({ object }) => object.kind === 'virtual' && object.pool)).toEqual([
      '/Common/test_pool',
      '/test/pool1',
      '/test/pool1',
    ]);
    expect(virtuals?.[1]?.otherMetadata).toEqual([{ name: 'cccl-whitelist', persist: 'true', value: 'false' }]);
    const nodes = data['nodes']?.map((body) => decodeObject('node', body, context).object);
    expect(nodes?.at(-1)).toEqual({ kind: 'node', path: '/test/10.2.3.5%0', address: { ip: '10.2.3.5' } });
    expect(data['monitors']?.map((body) => decodeObject('monitor', body, context).object.path)).toEqual([
      '/test/MyAppService0.app/MyAppService0_http_monitor',
      '/test/mon_http',
    ]);
  });

  it('reads a member that was forced down while its session is enabled as offline (12.1.1)', () => {
    const { members } = load('f5-cccl/f5_cccl/resource/ltm/test/bigip-members.json') as { members?: Json[] };
    const pool = { fullPath: '/Common/pool1', membersReference: { isSubcollection: true, items: members } };
    expect(decodeObject('pool', pool, context).object).toMatchObject({
      members: [{ address: { ip: '192.168.200.2' }, port: 80, adminState: 'offline' }],
    });
  });

  it('reads a partition, which has no partition of its own', () => {
    expect(decode('partition', 'f5-ansible/load_tm_auth_partition.json')).toEqual({
      object: { kind: 'partition', path: '/foo', description: 'my description' },
    });
  });
});
