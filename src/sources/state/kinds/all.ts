import type { Kind } from '../../../ir/objects.ts';
import type { KindForm } from './kind-form.ts';
import { gtmDatacenterForm, gtmPoolForm, gtmServerForm, gtmVirtualServerForm, wideIpForm } from './gtm.ts';
import { fdbForm, neighbourForm, routeForm, selfForm, tunnelForm, vxlanProfileForm } from './net.ts';
import { iruleForm, policyForm } from './policy.ts';
import { loneMemberForm, monitorForm, nodeForm, partitionForm, poolForm } from './pool.ts';
import {
  clientSslForm,
  cookieForm,
  httpProfileForm,
  serverSslForm,
  sourceAddrForm,
  sslCertForm,
  sslKeyForm,
  tcpProfileForm,
} from './profiles.ts';
import { virtualAddressForm, virtualForm } from './virtual.ts';

/** One form per kind: a new kind does not compile until it has one. */
const forms: { readonly [K in Kind]: KindForm<K> } = {
  partition: partitionForm,
  'ssl-cert': sslCertForm,
  'ssl-key': sslKeyForm,
  'client-ssl': clientSslForm,
  'server-ssl': serverSslForm,
  'http-profile': httpProfileForm,
  'tcp-profile': tcpProfileForm,
  'persistence-cookie': cookieForm,
  'persistence-source-addr': sourceAddrForm,
  monitor: monitorForm,
  node: nodeForm,
  pool: poolForm,
  'pool-member': loneMemberForm,
  policy: policyForm,
  irule: iruleForm,
  'virtual-address': virtualAddressForm,
  virtual: virtualForm,
  'gtm-datacenter': gtmDatacenterForm,
  'gtm-server': gtmServerForm,
  'gtm-virtual-server': gtmVirtualServerForm,
  'gtm-pool-a': gtmPoolForm('a'),
  'gtm-pool-aaaa': gtmPoolForm('aaaa'),
  'gtm-pool-cname': gtmPoolForm('cname'),
  'wideip-a': wideIpForm('a'),
  'wideip-aaaa': wideIpForm('aaaa'),
  'vxlan-profile': vxlanProfileForm,
  tunnel: tunnelForm,
  self: selfForm,
  fdb: fdbForm,
  route: routeForm,
  arp: neighbourForm('arp'),
  ndp: neighbourForm('ndp'),
};

/** The form of a kind, seen as one for any object: what generic code works with. */
export function formOf(kind: Kind): KindForm<Kind> {
  return forms[kind] as unknown as KindForm<Kind>;
}

const kinds = Object.keys(forms) as readonly Kind[];

/** What stands in `kind` of documents -> the kind. */
export const kindByTitle: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [forms[kind].title, kind]));
