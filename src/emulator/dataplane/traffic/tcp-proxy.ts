import type { ClientConnection } from './client-connection.ts';
import { relay } from './wire.ts';

/**
 * Layer 4 (fastL4, or a tcp profile without http): bytes both ways, with half-close. A BIG-IP with fastL4 answers
 * the client's SYN only when the server has; here the handshake is the kernel's, and a client without an available
 * member is reset right after it.
 */
export async function serveTcp(connection: ClientConnection): Promise<void> {
  const pool = connection.pool();
  const server = pool === undefined ? undefined : await connection.openServer(pool);
  if (server === undefined) connection.abort();
  else await relay(connection.wire, server.wire);
}
