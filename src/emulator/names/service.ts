import { isIP } from 'node:net';

/** Service names that clients use for ports; the device answers with numbers. */
const services: Readonly<Record<string, number>> = {
  any: 0,
  '*': 0,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  http: 80,
  pop3: 110,
  ntp: 123,
  imap: 143,
  snmp: 161,
  ldap: 389,
  https: 443,
  ldaps: 636,
  mysql: 3306,
  radius: 1812,
  sip: 5060,
  postgres: 5432,
  webcache: 8080,
};

/** A port number of a number or service name; undefined when it is neither. */
export function parsePort(text: string): number | undefined {
  if (/^\d{1,5}$/v.test(text)) {
    const port = Number(text);
    return port <= 65_535 ? port : undefined;
  }
  return services[text];
}

/** A host and a port, as members and destinations write them. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

function isV6Host(host: string): boolean {
  if (!host.includes(':') && !host.startsWith('any6')) {
    return false;
  }
  const [address = ''] = host.split('%');
  return isIP(address) === 6 || address === 'any6';
}

/**
 * Reads `10.0.0.1:80`, `10.0.0.1%2:http`, `web1:80`, `2001:db8::1.80`, `2001:db8::1%1.80`, `any6.0`.
 * Undefined when there is no port, or it is none.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const dot = text.lastIndexOf('.');
  if (dot > 0 && isV6Host(text.slice(0, dot))) {
    const port = parsePort(text.slice(dot + 1));
    return port === undefined ? undefined : { host: text.slice(0, dot), port };
  }
  const colon = text.lastIndexOf(':');
  if (colon <= 0 || text.indexOf(':') !== colon) {
    return undefined;
  }
  const port = parsePort(text.slice(colon + 1));
  return port === undefined ? undefined : { host: text.slice(0, colon), port };
}

/** Writes a host and port as the device does: IPv6 with a dot before the port. */
export function formatEndpoint(host: string, port: number): string {
  return `${host}${host.includes(':') || host.startsWith('any6') ? '.' : ':'}${port}`;
}

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(services)
    .filter(([name]) => name !== '*')
    .map(([name, port]) => [port, name]),
);

/** A host and port with the name of the service, as tmsh lists them: `10.0.0.1:http`. Other texts stay. */
export function withServiceName(text: string): string {
  const match = /^(?<host>.*[:.])(?<port>\d{1,5})$/v.exec(text)?.groups;
  const name = names.get(Number(match?.['port']));
  return match === undefined || name === undefined || parseEndpoint(text.slice(text.lastIndexOf('/') + 1)) === undefined
    ? text
    : `${match['host'] ?? ''}${name}`;
}
