import { mcpError } from '../../errors/device-error.ts';
import { configurationError } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { texts } from '../fields/lists.ts';
import { appService } from '../fields/app-service.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { reference, references } from '../fields/references.ts';
import { defineKind, type Draft } from '../kind.ts';
import { leaveRouteDomain, routeDomainById, vlansOf } from './route-domains.ts';

function prepare({ values, identity, before }: Draft, session: Session): void {
  if (before === undefined) {
    values['id'] ??= /^\d+$/v.test(identity.name) ? Number(identity.name) : undefined;
    if (values['id'] === undefined) {
      throw configurationError(`route domain (${identity.fullPath}) must have an id`);
    }
    const taken = routeDomainById(Number(values['id']), session);
    if (taken !== undefined) {
      throw configurationError(`Route domain (${identity.fullPath}) and (${taken.fullPath}) cannot have the same id`);
    }
  }
  const vlans = Array.isArray(values['vlans']) ? values['vlans'] : [];
  vlans.forEach((vlan) => leaveRouteDomain(String(vlan), session, identity.fullPath));
}

/** Self IPs are checked again when VLANs move. */
function stored(domain: ConfigObject, before: ConfigObject | undefined, session: Session): void {
  const gone = before === undefined ? [] : vlansOf(before);
  for (const vlan of new Set([...gone, ...vlansOf(domain)])) {
    [...session.store.find('ref:net/vlan', vlan)]
      .filter((object) => object.kind.path === 'net/self')
      .forEach((self) => session.touch(self));
  }
}

function checkParents(domain: ConfigObject, session: Session): void {
  let at: ConfigObject | undefined = domain;
  for (let steps = 0; at !== undefined; steps += 1) {
    const parent = textOf(at, 'parent');
    if (parent === domain.fullPath || steps > 64) {
      throw configurationError(`Route domain (${domain.fullPath}) cannot be its own parent`);
    }
    at = parent === undefined ? undefined : session.store.lookup('net/route-domain', parent);
  }
}

function beforeDelete(domain: ConfigObject, session: Session): void {
  const id = Number(domain.values['id']);
  const partitions = session.device.kinds.byPath.get('auth/partition');
  const users = partitions === undefined ? [] : [...session.store.collection(partitions).list()];
  const by = users.filter((each) => session.routeDomainOf(each.name) === id).map((each) => each.name);
  if (by.length > 0) {
    throw mcpError(
      `0107097c:3: The specified route domain (${id}) is the default route domain for one or more partitions (${by.join(' ')}) and cannot be deleted.`,
    );
  }
  if (id === 0) {
    throw configurationError('The route domain (0) cannot be deleted');
  }
}

/** What is in a route domain that goes: its VLANs fall back to route domain 0; addresses in it refuse the delete. */
function removed(domain: ConfigObject, session: Session): void {
  const id = String(domain.values['id']);
  const self = session.store.first('self-route-domain', id);
  if (self !== undefined) {
    session.touch(self);
  }
  const common = routeDomainById(0, session);
  if (common !== undefined && vlansOf(domain).length > 0) {
    session.change(common, { vlans: [...vlansOf(common), ...vlansOf(domain)] });
  }
}

/** Route domains; 0 is always there. A VLAN is in one of them only and moves (fact sheet 8.12). */
export const routeDomainKind = defineKind({
  path: 'net/route-domain',
  type: 'Route Domain',
  fields: [
    appService(),
    text('bwcPolicy'),
    integer('connectionLimit', 0),
    text('description'),
    text('flowEvictionPolicy'),
    text('fwEnforcedPolicy'),
    text('fwStagedPolicy'),
    integer('id', undefined, { max: 65_534, createOnly: true }),
    reference('parent', { target: 'net/route-domain' }),
    text('servicePolicy'),
    word('strict', ['enabled', 'disabled']),
    integer('throughputCapacity', 0, { since: '13.0' }),
    texts('routingProtocol', { tail: true }),
    references('vlans', { target: 'net/vlan' }),
  ],
  stock: [{ name: '0', values: { id: 0, vlans: ['/Common/http-tunnel', '/Common/socks-tunnel'] } }],
  hooks: {
    prepare,
    stored,
    check: checkParents,
    beforeDelete,
    removed,
    indexes: (domain) => [['route-domain-id', String(domain.values['id'])]],
  },
});
