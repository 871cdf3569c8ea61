import { integer, text } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { adaptive, monitorKind, sendReceive } from './monitor-kind.ts';

/** HTTP monitors (fact sheet 8.7). */
export const httpMonitorKind = monitorKind({
  name: 'http',
  root: 'http',
  fields: [
    ...adaptive,
    integer('ipDscp', 0, { max: 63 }),
    secret('password'),
    ...sendReceive('GET /\\r\\n'),
    text('username'),
  ],
  stock: [
    {
      name: 'http_head_f5',
      values: { defaultsFrom: '/Common/http', recv: 'Server\\:', send: 'HEAD / HTTP/1.0\\r\\n\\r\\n' },
    },
  ],
});
