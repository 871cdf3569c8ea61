import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { givenItems, type GivenItem } from '../fields/items.ts';
import { asText, text, toggle, word } from '../fields/scalars.ts';
import { settingsKind } from './settings.ts';

const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

const level = (name: string, initial: string): Field => word(name, levels, { default: initial });

function serverIn({ name, more }: GivenItem): Readonly<Record<string, unknown>> {
  const { host, localIp = 'none', remotePort = 514, description } = more;
  const port = Number(remotePort);
  if (host === undefined || host === null || host === '') {
    throw invalidValue('host', '');
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw invalidValue('remote-port', remotePort);
  }
  const about = description === undefined ? {} : { description };
  return {
    name: name.startsWith('/') ? name : `/Common/${name}`,
    ...about,
    host: asText(host, 'host'),
    localIp: asText(localIp, 'local-ip'),
    remotePort: port,
  };
}

/** The servers that get the log, as recorded on 13.0: named in `/Common`, port 514 unless told otherwise. */
const remoteServers: Field = {
  name: 'remoteServers',
  tail: true,
  parse: (value) => {
    const servers = givenItems(value, 'remote-servers').map(serverIn);
    return servers.length === 0 ? undefined : servers;
  },
};

/** `/sys/syslog`, as recorded on 13.0 and 13.1. */
export const sysSyslogKind = settingsKind('sys/syslog', [
  level('authPrivFrom', 'notice'),
  level('authPrivTo', 'emerg'),
  toggle('clusteredHostSlot', 'enabled'),
  toggle('clusteredMessageSlot'),
  toggle('consoleLog', 'enabled'),
  level('cronFrom', 'warning'),
  level('cronTo', 'emerg'),
  level('daemonFrom', 'notice'),
  level('daemonTo', 'emerg'),
  text('description'),
  text('include'),
  toggle('isoDate'),
  level('kernFrom', 'debug'),
  level('kernTo', 'emerg'),
  level('local6From', 'notice'),
  level('local6To', 'emerg'),
  level('mailFrom', 'notice'),
  level('mailTo', 'emerg'),
  level('messagesFrom', 'notice'),
  level('messagesTo', 'warning'),
  level('userLogFrom', 'notice'),
  level('userLogTo', 'emerg'),
  remoteServers,
]);
