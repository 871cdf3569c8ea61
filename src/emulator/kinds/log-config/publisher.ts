import { pointers } from '../fields/items.ts';
import { text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { logDestinationClass } from './destinations.ts';

/** Publishers: destinations under one name, as recorded on 13.1. */
export const logPublisherKind = defineKind({
  path: 'sys/log-config/publisher',
  type: 'log config publisher',
  fields: [text('description'), pointers('destinations', { target: logDestinationClass })],
  stock: [
    { name: 'default-ipsec-log-publisher', values: { destinations: [{ fullPath: '/Common/local-syslog' }] } },
    { name: 'local-db-publisher', values: { destinations: [{ fullPath: '/Common/local-db' }] } },
    {
      name: 'sys-db-access-publisher',
      values: { destinations: [{ fullPath: '/Common/local-db' }, { fullPath: '/Common/local-syslog' }] },
    },
  ],
});
