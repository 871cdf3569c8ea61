import { invalidValue } from '../errors/mcp.ts';
import { restjavadError } from '../errors/restjavad.ts';
import { expired } from '../faults/slow-commit.ts';
import type { AuthenticatedRequest, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { TmContext } from '../rest/handle-tm.ts';
import { commandBody, listBody, transactionBody } from './bodies.ts';
import { commit } from './commit.ts';
import { invalidCommand, transactionFailed, transactionMissing } from './errors.ts';
import type { Command, Transaction } from './transaction.ts';

interface Call {
  readonly request: AuthenticatedRequest;
  readonly context: TmContext;
}

function notAllowed({ request }: Call): Error {
  return restjavadError(405, `Method ${request.method} is not allowed on ${request.path}`, { errorStack: [] });
}

/** Settings that a body holds, checked. */
function settingsIn(body: Readonly<Record<string, unknown>>): Partial<Transaction> {
  const settings: Partial<Transaction> = {};
  for (const name of ['asyncExecution', 'validateOnly'] as const) {
    const value = body[name];
    if (value !== undefined) {
      settings[name] = value === true || value === 'true';
    }
  }
  for (const name of ['timeoutSeconds', 'executionTimeout'] as const) {
    const value = body[name];
    if (value !== undefined) {
      const number = Number(value);
      if (!Number.isInteger(number) || number < 1 || number > 3600) {
        throw invalidValue(name, value);
      }
      settings[name] = number;
    }
  }
  return settings;
}

function collection(call: Call): Reply {
  const { request, context } = call;
  const { device, transactions } = context;
  if (request.method === 'POST') {
    const transaction = transactions.start(settingsIn(jsonObject(request.body)));
    return { status: 200, body: transactionBody(transaction, device) };
  }
  if (request.method !== 'GET') {
    throw notAllowed(call);
  }
  const items = transactions.list().map((each) => transactionBody(each, device));
  return { status: 200, body: listBody('tm:transactioncollectionstate', 'transaction', { items, device }) };
}

function runCommit(transaction: Transaction, context: TmContext): void {
  try {
    commit(transaction, context);
  } catch (error) {
    if (!transaction.asyncExecution || transaction.commands.length === 0) {
      context.transactions.delete(transaction.id);
      throw error;
    }
  }
}

/** A commit that takes longer than `executionTimeout`: nothing of it is carried out (text K). */
function timeOut(transaction: Transaction): void {
  transaction.state = 'FAILED';
  transaction.executionTime = transaction.executionTimeout;
  transaction.failureReason = `transaction execution exceeded ${transaction.executionTimeout} seconds`;
}

/** PATCH: settings, and with `state: VALIDATING` the commit. */
async function patch(transaction: Transaction, call: Call): Promise<Reply> {
  const { request, context } = call;
  const body = jsonObject(request.body);
  Object.assign(transaction, settingsIn(body));
  const { state } = body;
  if (state !== undefined && state !== 'VALIDATING') {
    throw invalidValue('state', state);
  }
  if (state === undefined) {
    return { status: 200, body: transactionBody(transaction, context.device) };
  }
  if (transaction.state !== 'STARTED') {
    throw transactionFailed(new Error(`transaction ${transaction.id} is ${transaction.state}`));
  }
  const slow = context.slowCommit(request.path);
  if (slow !== undefined) {
    transaction.state = 'VALIDATING';
    const isLate = slow.applyAfterMs > transaction.executionTimeout * 1000;
    await slow.run(() => {
      try {
        if (isLate) {
          timeOut(transaction);
        } else {
          runCommit(transaction, context);
        }
      } catch {
        // The client has its answer already: what became of the commit is in the configuration.
      }
    });
    throw expired(slow.shape, request);
  }
  if (transaction.asyncExecution && transaction.commands.length > 0) {
    transaction.state = 'VALIDATING';
    setImmediate(() => runCommit(transaction, context));
    return { status: 200, body: transactionBody(transaction, context.device) };
  }
  runCommit(transaction, context);
  return { status: 200, body: transactionBody(transaction, context.device) };
}

function one(transaction: Transaction, call: Call): Reply | Promise<Reply> {
  const { request, context } = call;
  switch (request.method) {
    case 'GET':
      return { status: 200, body: transactionBody(transaction, context.device) };
    case 'PATCH':
    case 'PUT':
      return patch(transaction, call);
    case 'DELETE':
      context.transactions.delete(transaction.id);
      return { status: 200 };
    default:
      throw notAllowed(call);
  }
}

function reorder(transaction: Transaction, command: Command, body: Readonly<Record<string, unknown>>): void {
  const order = Number(body['evalOrder']);
  if (!Number.isInteger(order) || order < 1 || order > transaction.commands.length) {
    throw invalidValue('evalOrder', body['evalOrder']);
  }
  transaction.commands.splice(transaction.commands.indexOf(command), 1);
  transaction.commands.splice(order - 1, 0, command);
}

function commands(transaction: Transaction, rest: readonly string[], call: Call): Reply {
  const { request, context } = call;
  const { device } = context;
  const [id] = rest;
  if (id === undefined) {
    const items = transaction.commands.map((each) => commandBody(transaction, each, device));
    const path = `transaction/${transaction.id}/commands`;
    return { status: 200, body: listBody('tm:transaction:commandscollectionstate', path, { items, device }) };
  }
  const command = transaction.commands.find((each) => String(each.commandId) === id);
  if (rest.length > 1 || command === undefined) {
    throw invalidCommand(rest.length > 1 ? `${rest.join('/')}/` : id);
  }
  switch (request.method) {
    case 'GET':
      break;
    case 'PATCH':
      reorder(transaction, command, jsonObject(request.body));
      break;
    case 'DELETE':
      transaction.commands.splice(transaction.commands.indexOf(command), 1);
      return { status: 200 };
    default:
      throw notAllowed(call);
  }
  return { status: 200, body: commandBody(transaction, command, device) };
}

/** `/mgmt/tm/transaction...`: start, look, reorder, commit, abandon (fact sheet 6.1). */
export function transactionResource(segments: readonly string[], call: Call): Reply | Promise<Reply> {
  const [, id, below, ...rest] = segments;
  if (id === undefined) {
    return collection(call);
  }
  const transaction = call.context.transactions.find(id);
  if (transaction === undefined) {
    throw transactionMissing(id);
  }
  if (below === undefined) {
    return one(transaction, call);
  }
  if (below !== 'commands') {
    throw invalidCommand(below);
  }
  return commands(transaction, rest, call);
}
