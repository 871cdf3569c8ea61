import type { PersistenceConfig } from '../model.ts';
import type { Forward } from '../forward.ts';
import { profilesOf, recordKey } from '../persistence/records.ts';
import { hasEnough, lookingAtBytes } from '../persistence/values.ts';
import type { PersistenceSubject } from '../persistence/values.ts';
import { connectionEffects } from '../policy/effects.ts';
import type { Effects } from '../policy/effects.ts';
import { concerns, PolicyRun } from '../policy/run.ts';
import { remember } from '../selection.ts';
import { readClientHello, readServerSession } from '../tls/client-hello.ts';
import type { ClientHello } from '../tls/client-hello.ts';
import type { ClientConnection } from './client-connection.ts';
import { peek } from './peek.ts';
import { chosenOnFailure, MOST_RESELECTS } from './rule-hooks.ts';
import type { ServerConnection } from './server-connection.ts';
import { carriers } from './wire.ts';

/** What persistence goes by, as far as it is known. */
type Known = Pick<PersistenceSubject, 'bytes' | 'session'>;

/**
 * Layer 4 (fastL4, or a tcp profile without http): bytes both ways, with half-close. A BIG-IP with fastL4 answers
 * the client's SYN only when the server has; here the handshake is the kernel's, and a client without an available
 * member is reset right after it.
 */
export async function serveTcp(connection: ClientConnection): Promise<void> {
  const { reset, forward, overrides = {} } = await decided(connection);
  connection.overrides = overrides;
  const chosen = connection.rules?.flow.forward ?? forward;
  const known = reset === true ? {} : await firstBytes(connection);
  let server = reset === true ? undefined : await openAny(connection, chosen, known);
  while (server !== undefined && !(await relayed(connection, server))) {
    server = await openAny(connection, chosen, known);
  }
  if (server === undefined) await connection.giveUp();
}

/**
 * Carries bytes until the connection is over. False when the member went down and the client is to go to another one
 * (`serviceDownAction reselect`): what it sends from then on is for that one. Rejects when a side breaks.
 */
async function relayed(connection: ClientConnection, server: ServerConnection): Promise<boolean> {
  const { wire } = connection;
  server.onMove = () => wire.interrupt();
  const ssl = profilesOf(connection.effective()).find(({ type }) => type === 'ssl');
  const both = carriers(wire, server.wire, async () => {
    if (ssl !== undefined) await learnSession(connection, server, ssl);
  });
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
  known: Known,
): Promise<ServerConnection | undefined> {
  return (await open(connection, forward, known)) ?? (await openElsewhere(connection, known));
}

async function open(
  connection: ClientConnection,
  forward: Forward | undefined,
  subject: Known,
): Promise<ServerConnection | undefined> {
  const pool = connection.poolFor(forward);
  const preferred = forward?.to === 'pool' ? forward.member : undefined;
  return pool === undefined ? undefined : await connection.openServer(pool, { preferred, subject });
}

/** Where rules send a connection that nobody took. */
async function openElsewhere(connection: ClientConnection, known: Known): Promise<ServerConnection | undefined> {
  const { rules } = connection;
  for (let tries = 0; tries < MOST_RESELECTS && rules?.awaits('LB_FAILED') === true; tries += 1) {
    const forward = chosenOnFailure(rules);
    const server = forward === 'none' ? undefined : await open(connection, forward, known);
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
  const hello = view.hello ?? (concerns(policies, 'sslClientHello') ? await peekHello(connection) : undefined);
  const known = hello === undefined ? view : { ...view, hello };
  if (hello !== undefined) taken.push(...run.due('sslClientHello', known));
  return connectionEffects(taken, known);
}

/** The client's TLS hello. Undefined if the client speaks something else. */
async function peekHello({ wire }: ClientConnection): Promise<ClientHello | undefined> {
  return (await peek(wire, readClientHello)) ?? undefined;
}

/** What persistence has to see before a member is chosen. */
async function firstBytes(connection: ClientConnection): Promise<Known> {
  const profiles = profilesOf(connection.effective());
  if (profiles.some(({ type }) => type === 'ssl')) return { session: (await peekHello(connection))?.session };
  const looking = lookingAtBytes(profiles);
  if (looking.length === 0) return {};
  return { bytes: await peek(connection.wire, (bytes) => (hasEnough(looking, bytes) ? bytes : undefined)) };
}

/** The server says which session this is: the client will come back with it. */
async function learnSession(
  connection: ClientConnection,
  { wire, member }: ServerConnection,
  ssl: PersistenceConfig,
): Promise<void> {
  const session = await peek(wire, readServerSession);
  if (session === undefined || session === null || session === '') return;
  const record = recordKey(ssl, connection.effective(), { pool: member.pool.config.fullPath, value: session });
  remember(member, record, connection.seeker({}));
}
