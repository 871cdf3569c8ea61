import { fieldsFrom } from '../fields/from-defaults.ts';
import { texts } from '../fields/lists.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { settingsKind } from './settings.ts';

const onOff = (name: string, initial: 'on' | 'off'): ReturnType<typeof word> =>
  word(name, ['on', 'off'], { default: initial });

/** `/sys/httpd`, as recorded on 12.1. */
export const sysHttpdKind = settingsKind(
  'sys/httpd',
  fieldsFrom(
    {
      authName: 'BIG-IP',
      authPamIdleTimeout: 1200,
      fastcgiTimeout: 300,
      fipsCipherVersion: 0,
      maxClients: 10,
      redirectHttpToHttps: 'disabled',
      requestBodyMaxTimeout: 0,
      requestBodyMinRate: 500,
      requestBodyTimeout: 60,
      requestHeaderMaxTimeout: 40,
      requestHeaderMinRate: 500,
      requestHeaderTimeout: 20,
      sslCertfile: '/etc/httpd/conf/ssl.crt/server.crt',
      sslCertkeyfile: '/etc/httpd/conf/ssl.key/server.key',
      sslCiphersuite:
        'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA:AES128-SHA256:AES256-SHA256',
      sslOcspDefaultResponder: 'http://127.0.0.1',
      sslOcspResponderTimeout: 300,
      sslOcspResponseTimeSkew: 300,
      sslPort: 443,
      sslProtocol: 'all -SSLv2 -SSLv3 -TLSv1',
      sslVerifyDepth: 10,
    },
    [
      texts('allow', { default: ['All'] }),
      onOff('authPamDashboardTimeout', 'off'),
      onOff('authPamValidateIp', 'on'),
      text('description'),
      onOff('hostnameLookup', 'off'),
      text('include'),
      word('logLevel', ['warn', 'alert', 'crit', 'debug', 'emerg', 'error', 'info', 'notice']),
      onOff('sslOcspEnable', 'off'),
      onOff('sslOcspOverrideResponder', 'off'),
      integer('sslOcspResponseMaxAge', -1, { min: -1 }),
      word('sslVerifyClient', ['no', 'optional', 'optional-no-ca', 'require']),
    ],
  ),
);
