import type { Device } from '../session/device.ts';
import { linkHost, versioned } from '../view/links.ts';
import type { Command, Transaction } from './transaction.ts';

type Json = Record<string, unknown>;

/** A transaction as the device prints it. */
export function transactionBody(transaction: Transaction, device: Device): Json {
  const { id, state, timeoutSeconds, asyncExecution, validateOnly, executionTimeout, executionTime, failureReason } =
    transaction;
  return {
    transId: id,
    state,
    timeoutSeconds,
    asyncExecution,
    validateOnly,
    executionTimeout,
    executionTime,
    failureReason,
    kind: 'tm:transactionstate',
    selfLink: versioned(`${linkHost}transaction/${id}`, device),
  };
}

/** A queued command as the device prints it. */
export function commandBody(transaction: Transaction, command: Command, device: Device): Json {
  const { method, uri, body, commandId } = command;
  return {
    method,
    uri,
    ...(body === undefined ? {} : { body }),
    evalOrder: transaction.commands.indexOf(command) + 1,
    commandId,
    kind: 'tm:transaction:commandsstate',
    selfLink: versioned(`${linkHost}transaction/${transaction.id}/commands/${commandId}`, device),
  };
}

/** A list of transactions or commands. `items` is always there (fact sheet 2.3). */
export function listBody(kind: string, path: string, content: { items: readonly Json[]; device: Device }): Json {
  return { items: content.items, kind, selfLink: versioned(`${linkHost}${path}`, content.device) };
}
