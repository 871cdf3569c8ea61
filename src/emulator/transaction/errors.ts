import { apiErrors, DeviceError, icrdError } from '../errors/device-error.ts';

/** 404: a transaction that is not there, or no longer. */
export function transactionMissing(id: string): DeviceError {
  return icrdError(404, `Object not found - transaction ${id}`);
}

/** 404 for the header: a transaction that is not there, or no longer. */
export function headerMissing(): DeviceError {
  return icrdError(404, 'Missing transaction ID for this call.');
}

/** 400 for requests that cannot be queued. */
export function notQueueable(id: string, method: string, path: string): DeviceError {
  return icrdError(400, `Transaction ${id} operation ${method} ${path} is not allowed to be added to transaction.`);
}

/** 404: nothing to commit. */
export function nothingToCommit(): DeviceError {
  return icrdError(404, 'there is no command to commit in the transaction.');
}

/** 400: a command id that is none. */
export function invalidCommand(text: string): DeviceError {
  return icrdError(400, `Found invalid command id ${text}`);
}

/**
 * What a failed commit answers: the error of the command with `transaction failed:` before its text and `apiError` 2.
 * A refusal is 400 whatever the request alone would have got, also 404 and 409 (fact sheet 6.2).
 */
export function transactionFailed(error: unknown): DeviceError {
  const own = error instanceof DeviceError ? error.status : 500;
  const status = own < 500 ? 400 : own;
  const message = error instanceof Error ? error.message : String(error);
  return icrdError(status, `transaction failed:${message}`, apiErrors.transaction);
}
