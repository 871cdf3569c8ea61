import type { ClientConnection } from './client-connection.ts';
import type { ServerConnection } from './server-connection.ts';
import { connectionEffects } from '../policy/effects.ts';
import type { Forward } from '../forward.ts';
import type { Effects } from '../policy/effects.ts';
import { concerns, PolicyRun } from '../policy/run.ts';
import { readClientHello } from '../tls/client-hello.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import { chosenOnFailure, MOST_RESELECTS } from './rule-hooks.ts';
import { carriers } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * Layer 4 (fastL4, or a tcp profile without http): bytes both ways, with half-close. A BIG-IP with fastL4 answers
 * the client's SYN only when the server has; here the handshake is the kernel's, and a client without an available
 * member is reset right after it.
 */
export async function serveTcp(connection: ClientConnection): Promise<void> {
  const { reset, forward } = await decided(connection);
  const chosen = connection.rules?.flow.forward ?? forward;
  let server = reset === true ? undefined : await openAny(connection, chosen);
  while (server !== undefined && !(await relayed(connection, server))) server = await openAny(connection, chosen);
  if (server === undefined) await connection.giveUp();
}

/**
 * Carries bytes until the connection is over. False when the member went down and the client is to go to another one
 * (`serviceDownAction reselect`): what it sends from then on is for that one. Rejects when a side breaks.
 */
async function relayed({ wire }: ClientConnection, server: ServerConnection): Promise<boolean> {
  server.onMove = () => wire.interrupt();
  const both = carriers(wire, server.wire);
  try {
    await Promise.all(both);
    return true;
  } catch (error) {
    if (!server.hasMoved) throw error;
    await Promise.allSettled(both);
    return false;
  }
}

async function openAny(
  connection: ClientConnection,
  forward: Forward | undefined,
): Promise<ServerConnection | undefined> {
  return (await open(connection, forward)) ?? (await openElsewhere(connection));
}

async function open(connection: ClientConnection, forward: Forward | undefined): Promise<ServerConnection | undefined> {
  const pool = connection.poolFor(forward);
  const wanted = forward?.to === 'pool' ? forward.member : undefined;
  return pool === undefined ? undefined : await connection.openServer(pool, wanted);
}

/** Where rules send a connection that nobody took. */
async function openElsewhere(connection: ClientConnection): Promise<ServerConnection | undefined> {
  const { rules } = connection;
  for (let tries = 0; tries < MOST_RESELECTS && rules?.awaits('LB_FAILED') === true; tries += 1) {
    const forward = chosenOnFailure(rules);
    const server = forward === 'none' ? undefined : await open(connection, forward);
    if (forward === 'none' || server !== undefined) return server;
  }
  return undefined;
}

/** What policies say of the connection, and of the TLS hello that passes through it if they ask for that. */
async function decided(connection: ClientConnection): Promise<Effects<undefined>> {
  const { context, config } = connection;
  const { policies = [] } = config;
  if (policies.length === 0) return { head: undefined };
  const run = new PolicyRun(policies, context.policyCounts);
  const view = connection.view();
  const taken = [...run.due('clientAccepted', view)];
  const hello = view.hello ?? (concerns(policies, 'sslClientHello') ? await peekHello(connection.wire) : undefined);
  const known = hello === undefined ? view : { ...view, hello };
  if (hello !== undefined) taken.push(...run.due('sslClientHello', known));
  return connectionEffects(taken, known);
}

/** Reads the client's TLS hello and puts it back. Undefined if the client speaks something else. */
async function peekHello(wire: Wire): Promise<ClientHello | undefined> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const chunk = await wire.read();
    if (chunk !== undefined) bytes = Buffer.concat([bytes, chunk]);
    const hello = chunk === undefined ? null : readClientHello(bytes);
    if (hello === undefined) continue;
    wire.unread(bytes);
    return hello ?? undefined;
  }
}
