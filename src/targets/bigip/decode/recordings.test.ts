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
  it('reads a GTM pool of 12.0.0 with its members, and one of 14.1', () => {
    expect(decode('gtm-pool-a', 'f5-ansible/load_gtm_pool_a_with_members_1.json')).toEqual({
      object: {
        kind: 'gtm-pool-a',
        path: '/Common/foo',
        members: [{ name: '/Common/server1:vs1' }, { name: '/Common/server1:vs2' }, { name: '/Common/server1:vs3' }],
      },
    });
    const { items } = load('f5-telemetry-streaming/gtm_pool_cname_members.json') as { items: Json[] };
    const pool = { name: 'c', partition: 'Common', membersReference: { items } };
    expect(decodeObject('gtm-pool-cname', pool, context).object).toMatchObject({
      members: [{ name: 'testCNAME.com' }],
    });
  });

  it('reads wide IPs of 14.1, virtual servers of 13.0.0 and a data center of 12.1.2', () => {
    const [wideip] = (load('f5-telemetry-streaming/gtm_wideip_a.json') as { items: Json[] }).items;
    expect(decodeObject('wideip-a', wideip ?? {}, context).object).toEqual({
      kind: 'wideip-a',
      path: '/Common/testA.com',
      pools: [{ path: '/Common/ts_a_pool', order: 0 }],
    });
    expect(decode('gtm-virtual-server', 'f5-ansible/load_gtm_server_virtual_1.json')).toEqual({
      object: {
        kind: 'gtm-virtual-server',
        path: '/Common/server1:vs1',
        destination: { address: { ip: '4.4.4.4' }, port: 0 },
      },
    });
    expect(decode('gtm-datacenter', 'f5-ansible/load_gtm_datacenter_disabled.json')).toEqual({
      object: { kind: 'gtm-datacenter', path: '/Common/foo', description: 'This is a foo description' },
    });
  });

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

  it('reads the rules of a policy of 13.0.0, and keeps what Fairlead does not write as its words', () => {
    const rules = ['draft_rule_http-uri_forward', 'rule_many_actions_many_conditions', 'rule_no_actions_one_condition'];
    const items = rules.map((name) => load(`f5-ansible/load_ltm_policy_${name}.json`));
    const body = { fullPath: '/Common/foo', strategy: '/Common/first-match', rulesReference: { items } };
    expect(decodeObject('policy', body, context)).toMatchObject({
      ordinals: [0, 2, 2],
      object: {
        kind: 'policy',
        path: '/Common/foo',
        rules: [
          {
            name: 'foo',
            conditions: [
              { operand: 'http-uri', path: true, match: 'starts-with', values: ['foo'], caseInsensitive: true },
            ],
            actions: [{ type: 'other', words: expect.stringContaining('node "1.1.1.1"') }],
          },
          {
            name: 'bar',
            conditions: expect.anything(),
            actions: [
              { type: 'forward', pool: '/Common/servers' },
              { type: 'forward', pool: '/Common/more-servers' },
            ],
          },
          { name: 'bar', actions: [] },
        ],
      },
    });
  });

  it('reads the policies that CIS left (12.1.0, legacy)', () => {
    const data = load('f5-cccl/f5_cccl/test/bigip_data.json') as Readonly<Record<string, Json[] | undefined>>;
    const policies = data['policies']?.map((body) => decodeObject('policy', body, context).object);
    expect(policies?.[0]).toMatchObject({ kind: 'policy', path: '/test/wrapper_policy' });
    expect(policies?.[0]).not.toHaveProperty('mark');
  });

  it('reads SSL profiles of 13.0.0 and 13.1.0.8', () => {
    expect(decode('client-ssl', 'f5-ansible/load_ltm_profile_clientssl.json')).toEqual({
      object: {
        kind: 'client-ssl',
        path: '/Common/foo',
        options: ['dont-insert-empty-fragments'],
        cert: '/Common/default.crt',
        key: '/Common/default.key',
      },
    });
    expect(decode('server-ssl', 'f5-ansible/load_ltm_profile_serverssl_1.json')).toEqual({
      object: { kind: 'server-ssl', path: '/Common/asda', options: ['dont-insert-empty-fragments'] },
    });
  });

  it('reads an HTTP profile and a cookie persistence profile of 13.1 as ones with nothing set', () => {
    expect(decode('http-profile', 'f5-ansible/load_ltm_http_profile_1.json')).toEqual({
      object: { kind: 'http-profile', path: '/Common/http' },
    });
    expect(decode('persistence-cookie', 'f5-ansible/load_ltm_profile_persistence_cookie_1.json')).toEqual({
      object: { kind: 'persistence-cookie', path: '/Common/cookie', httpOnly: true, secure: true },
    });
  });

  it('reads a certificate file of 13.0.0 by its checksum', () => {
    expect(decode('ssl-cert', 'f5-ansible/load_tm_sys_file_ssl_cert_no_password.json')).toEqual({
      object: {
        kind: 'ssl-cert',
        path: '/Common/cert1.crt',
        checksum: 'SHA1:5752:b390c93c0e34c618b7559d9cf510ade6c062c6f3',
      },
    });
  });

  it('reads a partition, which has no partition of its own', () => {
    expect(decode('partition', 'f5-ansible/load_tm_auth_partition.json')).toEqual({
      object: { kind: 'partition', path: '/foo', description: 'my description' },
    });
  });
});
