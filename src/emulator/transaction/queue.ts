import type { AuthenticatedRequest, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { TmContext } from '../rest/handle-tm.ts';
import { parseQuery } from '../uri/query.ts';
import { resolveTarget } from '../uri/target.ts';
import { commandBody } from './bodies.ts';
import { headerMissing, notQueueable } from './errors.ts';
import type { Command } from './transaction.ts';

/** What cannot be queued: transactions themselves, commands, tasks (fact sheet 6.3). */
const refused = new Set(['transaction', 'util', 'task']);

/** Queues a write that carries the header of a transaction; answers with the command. */
export function queueCommand(
  id: string,
  segments: readonly string[],
  options: { request: AuthenticatedRequest; context: TmContext },
): Reply {
  const { request, context } = options;
  const { method, path, query: text, principal } = request;
  const resource = context.system.get(segments.join('/'));
  // Files under `sys/crypto` are listed by a page, and written as objects.
  const isWritten = context.device.kinds.byPath.has(segments.join('/')) && resource?.execute === undefined;
  if (refused.has(segments[0] ?? '') || (resource !== undefined && !isWritten)) {
    throw notQueueable(id, method, path);
  }
  const transaction = context.transactions.find(id);
  if (transaction?.state !== 'STARTED') {
    throw headerMissing();
  }
  const target = resolveTarget(segments, context.device.kinds);
  if (target.type === 'all-members-stats' || ('stats' in target && target.stats)) {
    throw notQueueable(id, method, path);
  }
  const body = request.body === '' ? undefined : jsonObject(request.body);
  const query = parseQuery(text);
  const uri = `https://localhost${path}${text === '' ? '' : `?${text}`}`;
  const command: Command = { commandId: transaction.nextCommandId, method, uri, segments, query, body, principal };
  transaction.nextCommandId += 1;
  transaction.commands.push(command);
  return { status: 200, body: commandBody(transaction, command, context.device) };
}
