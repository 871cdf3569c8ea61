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
 * The HTTP code stays that of the error (404 for `01020036`, 409 for `01020066`, else 400).
 */
export function transactionFailed(error: unknown): DeviceError {
  const status = error instanceof DeviceError ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  return icrdError(status, `transaction failed:${message}`, apiErrors.transaction);
}
