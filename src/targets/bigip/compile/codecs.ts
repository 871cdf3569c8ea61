import type { BigipObject, Kind } from '../../../ir/objects.ts';
import type { Codec, Codecs } from './codec.ts';
import { gtmDatacenterCodec, gtmPoolCodec, gtmServerCodec, gtmVirtualServerCodec, wideIpCodec } from './gtm.ts';
import { fdbCodec } from './fdb.ts';
import {
  cookiePersistenceCodec,
  httpProfileCodec,
  sourceAddrPersistenceCodec,
  tcpProfileCodec,
} from './http-profile.ts';
import { sslCertCodec, sslKeyCodec } from './ssl-file.ts';
import { clientSslCodec, serverSslCodec } from './ssl-profile.ts';
import { iruleCodec } from './irule.ts';
import { monitorCodec } from './monitor.ts';
import { neighbourCodec, routeCodec, selfCodec, tunnelCodec, vxlanProfileCodec } from './net.ts';
import { nodeCodec } from './node.ts';
import { partitionCodec } from './partition.ts';
import { policyCodec } from './policy.ts';
import { poolCodec } from './pool.ts';
import { loneMemberCodec } from './pool-member.ts';
import { virtualAddressCodec } from './virtual-address.ts';
import { virtualCodec } from './virtual.ts';

const codecs: Codecs = {
  partition: partitionCodec,
  'ssl-cert': sslCertCodec,
  'ssl-key': sslKeyCodec,
  'client-ssl': clientSslCodec,
  'server-ssl': serverSslCodec,
  'http-profile': httpProfileCodec,
  'tcp-profile': tcpProfileCodec,
  'persistence-cookie': cookiePersistenceCodec,
  'persistence-source-addr': sourceAddrPersistenceCodec,
  monitor: monitorCodec,
  node: nodeCodec,
  pool: poolCodec,
  'pool-member': loneMemberCodec,
  policy: policyCodec,
  irule: iruleCodec,
  'virtual-address': virtualAddressCodec,
  virtual: virtualCodec,
  'gtm-datacenter': gtmDatacenterCodec,
  'gtm-server': gtmServerCodec,
  'gtm-virtual-server': gtmVirtualServerCodec,
  'gtm-pool-a': gtmPoolCodec('a'),
  'gtm-pool-aaaa': gtmPoolCodec('aaaa'),
  'gtm-pool-cname': gtmPoolCodec('cname'),
  'wideip-a': wideIpCodec,
  'wideip-aaaa': wideIpCodec,
  'vxlan-profile': vxlanProfileCodec,
  tunnel: tunnelCodec,
  self: selfCodec,
  fdb: fdbCodec,
  route: routeCodec,
  arp: neighbourCodec,
  ndp: neighbourCodec,
};

/** The codec of a kind, seen as one for any object: what generic code works with. */
export function codecOf(kind: Kind): Codec<BigipObject> {
  return codecs[kind] as unknown as Codec<BigipObject>;
}
