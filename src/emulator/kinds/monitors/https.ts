import { integer, text, word } from '../fields/scalars.ts';
import { secret } from '../fields/secret.ts';
import { adaptive, monitorKind, sendReceive } from './monitor-kind.ts';

/** HTTPS monitors (fact sheet 8.7). */
export const httpsMonitorKind = monitorKind({
  name: 'https',
  root: 'https',
  fields: [
    ...adaptive,
    text('cert'),
    text('cipherlist', { default: 'DEFAULT:+SHA:+3DES:+kEDH' }),
    word('compatibility', ['enabled', 'disabled']),
    integer('ipDscp', 0, { max: 63 }),
    text('key'),
    secret('password'),
    ...sendReceive('GET /\\r\\n'),
    text('sslProfile'),
    text('username'),
  ],
  stock: [
    { name: 'https_443', values: { defaultsFrom: '/Common/https', destination: '*:443' } },
    {
      name: 'https_head_f5',
      values: { defaultsFrom: '/Common/https', recv: 'Server\\:', send: 'HEAD / HTTP/1.0\\r\\n\\r\\n' },
    },
  ],
});
