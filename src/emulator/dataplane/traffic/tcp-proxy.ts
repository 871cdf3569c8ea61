import type { ClientConnection } from './client-connection.ts';
import { connectionEffects } from '../policy/effects.ts';
import type { Effects } from '../policy/effects.ts';
import { PolicyRun } from '../policy/run.ts';
import { relay } from './wire.ts';

/**
 * Layer 4 (fastL4, or a tcp profile without http): bytes both ways, with half-close. A BIG-IP with fastL4 answers
 * the client's SYN only when the server has; here the handshake is the kernel's, and a client without an available
 * member is reset right after it.
 */
export async function serveTcp(connection: ClientConnection): Promise<void> {
  const { reset, forward } = onAccepted(connection);
  const pool = reset === true ? undefined : connection.poolFor(forward);
  const server = pool === undefined ? undefined : await connection.openServer(pool);
  if (server === undefined) connection.abort();
  else await relay(connection.wire, server.wire);
}

function onAccepted(connection: ClientConnection): Effects<undefined> {
  const { context, config } = connection;
  const { policies = [] } = config;
  if (policies.length === 0) return { head: undefined };
  const view = connection.view();
  return connectionEffects(new PolicyRun(policies, context.policyCounts).due('clientAccepted', view), view);
}
