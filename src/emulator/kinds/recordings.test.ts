import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTest, type Client } from '../test-kit.ts';

const folder = path.resolve('..', 'shared', 'reference', 'device-recordings');
const present = existsSync(folder);
if (!present) {
  process.stdout.write(`recordings: skipped, ${folder} is not there\n`);
}

type Json = Record<string, unknown>;

interface Case {
  readonly file: string;
  /** Where the body is in a file of several. */
  readonly at?: string;
  readonly tmos: string;
  /** Objects that the recorded one points at: [collection, body]. */
  readonly needs?: readonly (readonly [string, Json])[];
  /** Modules provisioned besides `ltm`. */
  readonly modules?: readonly string[];
  /** Why the order of the keys is not the device's. */
  readonly unordered?: string;
  /** Paths in the body that differ, each with the reason. */
  readonly differs?: Readonly<Record<string, string>>;
}

const counter = 'a counter of the recorded box';
const secretText = 'encrypted with the master key of the recorded box';
const gtm = ['gtm'];
const otherBox = 'of another box';

const twin = 'not in this recording, but in others of the release';

const settings: readonly Case[] = [
  { file: 'f5-ansible/load_ltm_monitor_ftp.json', tmos: '14.1', differs: { defaultsFromReference: twin } },
  {
    file: 'f5-ansible/load_bigip_monitor_mysql.json',
    tmos: '15.1',
    unordered: 'what was set last comes last in the recording',
    differs: { defaultsFromReference: twin },
  },
  {
    file: 'f5-ansible/load_ltm_monitor_snmp_dca.json',
    tmos: '13.1',
    unordered: 'apiRawValues stand where user-defined would',
  },
  {
    file: 'f5-ansible/load_ltm_profile_analytics_1.json',
    tmos: '13.1',
    differs: { alertsReference: 'not there yet', trafficCaptureReference: 'not there yet' },
  },
  { file: 'f5-ansible/load_profile_sip.json', tmos: '14.1' },
  { file: 'f5-ansible/load_ltm_dns_cache_resolver_1.json', tmos: '13.1' },
  {
    file: 'f5-ansible/load_ltm_dns_nameserver_1.json',
    tmos: '13.1',
    needs: [['ltm/dns/tsig-key', { name: 'key1', secret: 'abc=' }]],
  },
  {
    file: 'f5-ansible/load_ltm_dns_zone_1.json',
    tmos: '13.1',
    needs: [
      ['ltm/dns/tsig-key', { name: 'asd', secret: 'abc=' }],
      ['ltm/dns/nameserver', { name: 'asd' }],
    ],
  },
  { file: 'f5-ansible/load_net_dns_resolver_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_generic_parser.json', tmos: '14.1' },
  {
    file: 'f5-ansible/load_generic_route.json',
    tmos: '14.1',
    needs: [['ltm/message-routing/generic/peer', { name: 'testy' }]],
  },
  { file: 'f5-ansible/load_generic_router.json', tmos: '14.1' },
  {
    file: 'f5-ansible/load_lldp_globals.json',
    tmos: '13.1',
  },
  { file: 'f5-ansible/load_mcast_globals.json', tmos: '13.1' },
  { file: 'f5-ansible/load_stp_globals.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ntp.json', tmos: '12.1', differs: { restrictReference: 'not there yet' } },
  {
    file: 'f5-ansible/load_radius_config.json',
    tmos: '15.1',
    needs: [['auth/radius-server', { name: 'system_auth_name1', server: '10.0.0.1', secret: 'x' }]],
    differs: { serversReference: 'a second server that the list does not name: edited by hand' },
  },
  { file: 'f5-ansible/load_radius_server.json', tmos: '15.1' },
  { file: 'f5-ansible/load_tm_auth_tacacs_1.json', tmos: '13.1', differs: { secret: secretText } },
  {
    file: 'f5-ansible/load_auth_remote_role_role_info_1.json',
    tmos: '13.1',
    differs: { userPartitionReference: 'a link to a partition that no box has' },
  },
  {
    file: 'f5-ansible/load_net_service_policy_1.json',
    tmos: '13.1',
    needs: [
      ['net/timer-policy', { name: 'foo' }],
      ['security/firewall/port-misuse-policy', { name: 'bar' }],
    ],
  },
  { file: 'f5-ansible/load_net_timer_policy_2.json', tmos: '13.1' },
  { file: 'f5-ansible/load_sys_httpd_non_default.json', tmos: '12.1' },
  {
    file: 'f5-ansible/load_sys_log_config_destination_1.json',
    tmos: '13.1',
    needs: [['sys/log-config/destination/remote-high-speed-log', { name: 'pool1' }]],
  },
  {
    file: 'f5-ansible/load_sys_log_config_publisher_1.json',
    tmos: '13.1',
    needs: [['sys/log-config/destination/remote-high-speed-log', { name: 'SECURITYLOGSERVERS-LOGGING' }]],
  },
  { file: 'f5-ansible/load_sys_smtp_server.json', tmos: '13.1' },
  { file: 'f5-ansible/load_sys_snmp_communities_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_sys_snmp_communities_3.json', tmos: '13.1' },
  {
    file: 'f5-ansible/load_sys_snmp_users_1.json',
    tmos: '13.1',
    differs: { authPasswordEncrypted: secretText, privacyPasswordEncrypted: secretText },
  },
  { file: 'f5-ansible/load_sys_syslog_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_tm_sys_syslog_2.json', tmos: '13.1' },
  { file: 'f5-ansible/load_tm_cli_alias_1.json', tmos: '13.1' },
  {
    file: 'f5-ansible/load_sys_file_external-monitor_1.json',
    tmos: '13.1',
    differs: { checksum: 'another program', size: 'another program' },
  },
  {
    file: 'f5-ansible/load_sys_crypto_cert_validator_1.json',
    tmos: '13.1',
    needs: [['net/dns-resolver', { name: 'foo' }]],
    differs: { signerKeyPassphrase: secretText },
  },
  { file: 'f5-ansible/load_ltm_global_settings_general.json', tmos: '15.1' },
];

const goodTemplate = {
  name: 'good_templ',
  description: 'My basic foo bar',
  requiresBigipVersionMin: '12.0.0',
  requiresModules: ['ltm'],
};

const applications: readonly Case[] = [
  {
    file: 'f5-ansible/load_sys_application_template_w_old_checksum.json',
    tmos: '13.1',
    needs: [
      ['sys/application/template', goodTemplate],
      ['sys/application/template', { command: 'generate', name: '/Common/good_templ' }],
    ],
    differs: { tmplChecksum: 'of a text that is not recorded' },
  },
  {
    file: 'f5-automation-labs/37-tm_sys_application_service_servicestate.json',
    tmos: '13.1',
    unordered: 'the client that recorded it sorts',
  },
  {
    file: 'f5-cccl/f5_cccl/test/bigip_data.json',
    at: 'iapps',
    tmos: '12.1',
    needs: [['auth/partition', { name: 'test' }]],
    unordered: 'whoever recorded it sorts',
  },
];

const cases: readonly Case[] = [
  ...settings,
  ...applications,
  { file: 'f5-ansible/load_ltm_node_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_node_2.json', tmos: '13.1' },
  { file: 'f5-ansible/load_net_node_with_ipv4_address.json', tmos: '12.1' },
  { file: 'f5-ansible/load_ltm_pool.json', tmos: '12.1' },
  {
    file: 'f5-telemetry-streaming/mgmt_tm_ltm_pool.json',
    tmos: '14.1',
    differs: { gatewayFailsafeDeviceReference: 'malformed in the trimmed recording' },
  },
  { file: 'f5-ansible/load_ltm_virtual_1.json', tmos: '12.1', differs: { vsIndex: counter } },
  {
    file: 'f5-ansible/load_ltm_virtual_2.json',
    tmos: '12.1',
    needs: [['net/vlan', { name: 'net1', partition: 'Common' }]],
    differs: { vsIndex: counter },
  },
  { file: 'f5-ansible/load_ltm_virtual_address_collection_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_monitor_http.json', tmos: '13.1', differs: { password: secretText } },
  { file: 'f5-ansible/load_ltm_monitor_https.json', tmos: '13.1', differs: { password: secretText } },
  { file: 'f5-ansible/load_ltm_monitor_tcp.json', tmos: '12.1' },
  { file: 'f5-ansible/load_ltm_monitor_udp.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_monitor_tcp_echo.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_profile_tcp_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_http_profile_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_profile_oneconnect_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_profile_http_compression_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_profile_dns_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_http2_profile.json', tmos: '13.1' },
  {
    file: 'f5-ansible/load_ltm_profile_clientssl.json',
    tmos: '13.1',
  },
  { file: 'f5-ansible/load_ltm_profile_serverssl_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_ltm_profile_persistence_cookie_1.json', tmos: '13.1' },
  {
    file: 'f5-ansible/load_ltm_profile_persistence_universal.json',
    tmos: '13.1',
    differs: { kind: 'recorded as a collection: a slip of the device or of the recording' },
  },
  { file: 'f5-ansible/load_ltm_snatpool.json', tmos: '12.1' },
  {
    file: 'f5-ansible/load_tm_net_self.json',
    tmos: '13.1',
    needs: [
      ['net/vlan', { name: 'net1', partition: 'Common' }],
      ['net/route-domain', { name: '1', partition: 'Common', id: 1, vlans: ['net1'] }],
    ],
  },
  { file: 'f5-ansible/load_net_route_blackhole.json', tmos: '12.1' },
  {
    file: 'f5-ansible/load_net_route_use_gateway.json',
    tmos: '12.1',
    needs: [
      ['net/vlan', { name: 'net1' }],
      ['net/self', { name: 'net1', address: '10.2.2.6/29', vlan: 'net1' }],
    ],
  },
  { file: 'f5-ansible/load_net_route_description.json', tmos: '12.1', needs: [['ltm/pool', { name: 'adsasd' }]] },
  { file: 'f5-ansible/load_net_route_use_pool.json', tmos: '12.1', needs: [['ltm/pool', { name: 'adsasd' }]] },
  {
    file: 'f5-ansible/update_vlan_description.json',
    tmos: '12.1',
    differs: { ifIndex: counter, description: 'put in by hand, before generation' },
  },
  { file: 'f5-ansible/load_vlan_interfaces.json', tmos: '13.1', needs: [['net/vlan', { name: 'vlan1' }]] },
  { file: 'f5-ansible/load_vlan_tagged_ifcs.json', tmos: '12.1', needs: [['net/vlan', { name: 'internal' }]] },
  { file: 'f5-ansible/load_vlan_untag_ifcs.json', tmos: '12.1', needs: [['net/vlan', { name: 'internal' }]] },
  {
    file: 'f5-ansible/load_interface.json',
    tmos: '13.1',
    differs: {
      ifIndex: counter,
      macAddress: otherBox,
      mediaActive: 'down on the recorded box',
      lldpTlvmap: 'set on the recorded box',
      sflow: 'set on the recorded box',
    },
  },
  {
    file: 'f5-ansible/load_net_interfaces.json',
    tmos: '12.1',
    differs: {
      ifIndex: counter,
      macAddress: otherBox,
      mediaActive: 'down on the recorded box',
      mediaFixed: otherBox,
      mediaMax: otherBox,
    },
  },
  { file: 'f5-ansible/load_tm_net_trunk_1.json', tmos: '13.1', differs: { macAddress: otherBox } },
  { file: 'f5-ansible/load_net_tunnel_1.json', tmos: '13.1', differs: { ifIndex: counter } },
  {
    file: 'go-bigip/net_test-17-tm_net_tunnels_tunnel_tunnelcollectionstate.json',
    tmos: '13.1',
    differs: { ifIndex: counter },
  },
  {
    file: 'go-bigip/net_test-23-tm_net_tunnels_vxlan_vxlanstate.json',
    tmos: '13.1',
    unordered: 'sorted by hand',
    needs: [['auth/partition', { name: 'foo' }]],
    differs: { fullPath: 'edited by hand: not that of its partition' },
  },
  {
    file: 'f5-ansible/load_security_address_list_1.json',
    tmos: '12.1',
    needs: [['security/firewall/address-list', { name: 'foo' }]],
  },
  { file: 'f5-ansible/load_gtm_datacenter_disabled.json', tmos: '12.1', modules: gtm },
  {
    file: 'f5-ansible/load_gtm_server_virtual_1.json',
    tmos: '13.1',
    modules: gtm,
    needs: [
      ['gtm/datacenter', { name: 'dc' }],
      ['gtm/server', { name: 'server1', product: 'generic-host', datacenter: 'dc', addresses: ['9.9.9.9'] }],
    ],
  },
  {
    file: 'f5-ansible/load_gtm_server_virtual_2.json',
    tmos: '13.1',
    modules: gtm,
    needs: [
      ['gtm/datacenter', { name: 'dc' }],
      ['gtm/server', { name: 'server1', product: 'generic-host', datacenter: 'dc', addresses: ['9.9.9.9'] }],
    ],
  },
  { file: 'f5-ansible/load_gtm_global_settings_general_1.json', tmos: '13.1', modules: gtm },
  { file: 'f5-ansible/load_gtm_irules.json', tmos: '12.1', modules: gtm },
  { file: 'f5-ansible/load_gtm_monitor_http_1.json', tmos: '13.1', modules: gtm },
  { file: 'f5-ansible/load_gtm_monitor_tcp_1.json', tmos: '13.1', modules: gtm },
  { file: 'f5-ansible/load_gtm_pool_a_collection.json', tmos: '13.1', modules: gtm },
  {
    file: 'f5-ansible/load_gtm_pool_a_member_1.json',
    tmos: '13.1',
    modules: gtm,
    needs: [
      ['gtm/datacenter', { name: 'dc' }],
      [
        'gtm/server',
        {
          name: 'foo_gtm_server',
          product: 'generic-host',
          datacenter: 'dc',
          addresses: ['9.9.9.9'],
          virtualServers: [{ name: 'bar', destination: '9.9.9.9:80' }],
        },
      ],
      ['gtm/pool/a', { name: 'foo-pool' }],
    ],
  },
  {
    file: 'f5-ansible/load_gtm_pool_a_with_members_1.json',
    tmos: '13.1',
    modules: gtm,
    needs: [
      ['gtm/datacenter', { name: 'dc' }],
      [
        'gtm/server',
        {
          name: 'server1',
          product: 'generic-host',
          datacenter: 'dc',
          addresses: ['9.9.9.9'],
          virtualServers: [
            { name: 'vs1', destination: '9.9.9.9:80' },
            { name: 'vs2', destination: '9.9.9.9:80' },
            { name: 'vs3', destination: '9.9.9.9:80' },
          ],
        },
      ],
      ['gtm/pool/a', { name: 'foo', members: ['server1:vs1', { name: 'server1:vs2', monitor: 'tcp' }, 'server1:vs3'] }],
    ],
    differs: { membersReference: 'the second link names the first member: edited by hand' },
  },
  {
    file: 'f5-telemetry-streaming/gtm_wideip_a.json',
    tmos: '14.1',
    modules: gtm,
    needs: [['gtm/pool/a', { name: 'ts_a_pool' }]],
  },
  { file: 'f5-ansible/load_auth_user_with_pass.json', tmos: '13.1' },
  { file: 'f5-ansible/load_tm_auth_partition.json', tmos: '13.1' },
  { file: 'f5-ansible/load_tm_cm_traffic_group_1.json', tmos: '13.1' },
  { file: 'f5-ansible/load_tm_cm_device_group.json', tmos: '13.1' },
  { file: 'f5-ansible/load_device_group.json', tmos: '16.1' },
  {
    file: 'f5-ansible/load_tg_ha_order.json',
    tmos: '12.1',
    differs: { haOrder: 'a device of the recorded box', haOrderReference: 'a device of the recorded box' },
  },
  { file: 'f5-ansible/load_sys_global_settings.json', tmos: '13.1', differs: { hostname: otherBox } },
  { file: 'f5-telemetry-streaming/mgmt_tm_sys_db_systemauth.disablebash.json', tmos: '14.1' },
];

function recorded(file: string, at = 'items'): Json {
  const body = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Json;
  const items = Array.isArray(body) ? body : body[at];
  return Array.isArray(items) ? (items[0] as Json) : body;
}

/** What a client would send to make the recorded object. */
function request(body: Json): Json {
  const { state, session, vsIndex: _index, synCookieStatus: _status, haOrder: _order, ...rest } = body;
  return {
    ...rest,
    ...(state === 'user-down' ? { state } : {}),
    ...(session === 'user-disabled' ? { session } : {}),
  };
}

/** Versions differ between the recording and the release that is played, and generations between boxes. */
function comparable(body: Json): Json {
  const text = JSON.stringify(body)
    .replaceAll(/(?:expandSubcollections=true&)?ver=[\d.]+/gv, 'ver=V')
    .replaceAll(/"generation":[1-9]\d*/gv, '"generation":1');
  return JSON.parse(text) as Json;
}

function without(body: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

async function emulated(client: Client, body: Json): Promise<Json> {
  const uri = String(body['selfLink']).replace('https://localhost', '').replace(/\?.*$/v, '');
  const read = JSON.stringify(body).includes('"isSubcollection":true,"items"')
    ? `${uri}?expandSubcollections=true`
    : uri;
  if (body['name'] === undefined) {
    await client.patch(uri, request(body));
  }
  const found = await client.get(read);
  if (found.status === 200) {
    return found.body as Json;
  }
  const made = await client.post(uri.replace(/\/[^\/]*$/v, ''), request(body));
  expect(made.body).toMatchObject({ name: body['name'] });
  return (await client.get(read)).body as Json;
}

describe.runIf(present)('bodies as devices printed them', () => {
  it.each(cases)(
    '$file is printed alike, key for key and in the same order',
    async ({ file, at, tmos, needs = [], differs = {}, modules = [], unordered }) => {
      const client = await startTest({ tmos, modules });
      for (const [collection, body] of needs) {
        expect((await client.post(collection, body)).status).toBe(200);
      }
      const body = recorded(file, at);
      const names = Object.keys(differs);
      const expected = without(comparable(body), names);
      const actual = without(comparable(await emulated(client, body)), names);
      expect(actual).toEqual(expected);
      const order = (body: Json): readonly string[] => (unordered === undefined ? Object.keys(body) : []);
      expect(order(actual)).toEqual(order(expected));
    },
  );
});
