import type { BigipObject, Kind } from '../../../ir/objects.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import type { Json } from '../request.ts';
import type { DecodeContext } from './values.ts';
import { canonical } from '../../../ir/canonical.ts';
import { descriptorOf } from '../../../ir/objects.ts';
import { decodeNode, decodeVirtualAddress } from './addressed.ts';
import {
  decodeGtmDatacenter,
  decodeGtmPool,
  decodeGtmServer,
  decodeGtmVirtualServer,
  decodeWideIp,
  gtmPath,
} from './gtm.ts';
import { decodeIRule } from './irule.ts';
import { decodeMarkedDescription, decodeMetadata } from './metadata.ts';
import { decodeMonitor } from './monitor.ts';
import { decodePolicy, ordinalsOf } from './policy.ts';
import { decodeFdb, decodeNeighbour, decodeRoute, decodeSelf, decodeTunnel, decodeVxlanProfile } from './net.ts';
import {
  decodeClientSsl,
  decodeCookiePersistence,
  decodeFile,
  decodeHttpProfile,
  decodeServerSsl,
  decodeSourceAddrPersistence,
  decodeTcpProfile,
} from './profiles.ts';
import { decodePool } from './pool.ts';
import { decodeLoneMember, loneMemberPathOf } from './pool-member.ts';
import { UnreadableAnswer, itemPath, normalPath, numberOf, textOf } from './values.ts';
import { decodeVirtual } from './virtual.ts';

type Decode = (path: FullPath, body: Json, context: DecodeContext) => BigipObject;

const decoders: Readonly<Record<Kind, Decode>> = {
  partition: (path, body) => {
    const defaultRouteDomain = numberOf(body, 'defaultRouteDomain');
    const domain = defaultRouteDomain === undefined ? {} : { defaultRouteDomain };
    return { kind: 'partition', path, ...decodeMarkedDescription(body), ...domain };
  },
  monitor: decodeMonitor,
  node: decodeNode,
  pool: decodePool,
  'pool-member': decodeLoneMember,
  policy: decodePolicy,
  irule: decodeIRule,
  'ssl-cert': decodeFile('ssl-cert'),
  'ssl-key': decodeFile('ssl-key'),
  'client-ssl': decodeClientSsl,
  'server-ssl': decodeServerSsl,
  'http-profile': decodeHttpProfile,
  'tcp-profile': decodeTcpProfile,
  'persistence-cookie': decodeCookiePersistence,
  'persistence-source-addr': decodeSourceAddrPersistence,
  'virtual-address': decodeVirtualAddress,
  virtual: decodeVirtual,
  'gtm-datacenter': decodeGtmDatacenter,
  'gtm-server': decodeGtmServer,
  'gtm-virtual-server': decodeGtmVirtualServer,
  'gtm-pool-a': decodeGtmPool('a'),
  'gtm-pool-aaaa': decodeGtmPool('aaaa'),
  'gtm-pool-cname': decodeGtmPool('cname'),
  'wideip-a': decodeWideIp('a'),
  'wideip-aaaa': decodeWideIp('aaaa'),
  'vxlan-profile': decodeVxlanProfile,
  tunnel: decodeTunnel,
  self: decodeSelf,
  fdb: decodeFdb,
  route: decodeRoute,
  arp: decodeNeighbour('arp'),
  ndp: decodeNeighbour('ndp'),
};

/** What a body says beside the object. */
const besides: Readonly<Partial<Record<Kind, (body: Json) => Omit<Actual, 'object'>>>> = {
  policy: (body) => ({ ordinals: ordinalsOf(body) }),
};

/**
 * Reads one object as a GET shows it (pools, policies and virtual servers with `expandSubcollections`). Device defaults are
 * stripped and spellings normalised, so that the result is canonical and compares with what is wanted.
 * @throws {UnreadableAnswer} the body has no name, or is a monitor of a type that Fairlead does not know.
 */
export function decodeObject(kind: Kind, body: Json, context: DecodeContext): Actual {
  const object = decoders[kind](pathOfBody(kind, body, context), body, context);
  if (descriptorOf(kind).marked !== 'metadata') return { object: canonical(object), ...besides[kind]?.(body) };
  const { otherMetadata, ...ours } = decodeMetadata(body);
  const actual = { object: canonical<BigipObject>({ ...object, ...ours }) };
  return otherMetadata === undefined ? actual : { ...actual, otherMetadata };
}

function pathIn(kind: Kind, body: Json, context: DecodeContext): FullPath | undefined {
  if (kind === 'pool-member') return loneMemberPathOf(body, context);
  return descriptorOf(kind).module === 'gtm' ? gtmPath(kind, body, context) : itemPath(body, context);
}

function pathOfBody(kind: Kind, body: Json, context: DecodeContext): FullPath {
  if (kind === 'partition') {
    const name = textOf(body, 'fullPath') ?? textOf(body, 'name');
    if (name !== undefined) return name.startsWith('/') ? name : `/${name}`;
  }
  const path = pathIn(kind, body, context);
  if (path === undefined) throw new UnreadableAnswer(`${kind}: the answer has neither fullPath nor name`);
  return normalPath(path, context);
}
