import { runUnit } from '../session/session.ts';
import { applyOperation } from '../rest/operation.ts';
import type { TmContext } from '../rest/handle-tm.ts';
import { nothingToCommit, transactionFailed } from './errors.ts';
import type { Transaction } from './transaction.ts';

/**
 * Carries out the commands in their order, all or nothing; references are checked at the end. Throws what the device
 * answers when it fails, and notes the outcome in the transaction.
 */
export function commit(transaction: Transaction, context: TmContext): void {
  if (transaction.commands.length === 0) {
    throw nothingToCommit();
  }
  const { device } = context;
  const began = device.clock.now();
  try {
    const { changes } = runUnit(device, { transaction: true, dryRun: transaction.validateOnly }, (session) => {
      for (const command of transaction.commands) {
        context.beforeOperation(command);
        applyOperation({ ...command, body: command.body ?? {} }, session);
      }
    });
    transaction.state = 'COMPLETED';
    context.onChange(changes);
  } catch (error) {
    const failed = transactionFailed(error);
    transaction.state = 'FAILED';
    transaction.failureReason = failed.message;
    throw failed;
  } finally {
    transaction.executionTime = Math.round((device.clock.now() - began) / 1000);
  }
}
