import { mcpError } from '../../errors/device-error.ts';
import { configurationError } from '../../errors/mcp.ts';
import { texts } from '../fields/lists.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { references } from '../fields/references.ts';
import { defineKind } from '../kind.ts';

/** Route domains; 0 is always there (fact sheet 8.12). */
export const routeDomainKind = defineKind({
  path: 'net/route-domain',
  type: 'Route Domain',
  fields: [
    text('appService'),
    integer('connectionLimit', 0),
    text('description'),
    integer('id', undefined, { max: 65_534, createOnly: true }),
    text('parent'),
    word('strict', ['enabled', 'disabled']),
    integer('throughputCapacity', 0, { since: '13.0' }),
    texts('routingProtocol', { tail: true }),
    references('vlans', { target: 'net/vlan' }),
  ],
  stock: [{ name: '0', values: { id: 0 } }],
  hooks: {
    prepare: ({ values, identity, before }, session) => {
      if (before !== undefined) {
        return;
      }
      values['id'] ??= /^\d+$/v.test(identity.name) ? Number(identity.name) : undefined;
      if (values['id'] === undefined) {
        throw configurationError(`route domain (${identity.fullPath}) must have an id`);
      }
      const taken = session.store.first('route-domain-id', String(Number(values['id'])));
      if (taken !== undefined) {
        throw configurationError(`Route domain (${identity.fullPath}) and (${taken.fullPath}) cannot have the same id`);
      }
    },
    beforeDelete: (domain, session) => {
      const id = Number(domain.values['id']);
      const partitions = session.device.kinds.byPath.get('auth/partition');
      const users = partitions === undefined ? [] : [...session.store.collection(partitions).list()];
      const by = users.filter((each) => session.routeDomainOf(each.name) === id).map((each) => each.name);
      if (by.length > 0) {
        throw mcpError(
          `0107097c:3: The specified route domain (${id}) is the default route domain for one or more partitions (${by.join(' ')}) and cannot be deleted.`,
        );
      }
    },
    indexes: (domain) => [['route-domain-id', String(domain.values['id'])]],
  },
});
