import type { ConnectionOptions } from 'node:tls';
import type { MonitorConfig } from '../model.ts';
import { isKnownCipherList } from '../tls/contexts.ts';

/** How a monitor speaks TLS: with its certificate and key, if it has them, and its ciphers, if OpenSSL knows them. */
export function monitorTls({ tls = {} }: MonitorConfig): ConnectionOptions {
  const { cert, key, ciphers, serverName } = tls;
  return {
    rejectUnauthorized: false,
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(ciphers === undefined || !isKnownCipherList(ciphers) ? {} : { ciphers }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
