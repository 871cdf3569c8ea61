/** `apiError` values of icrd (fact sheet 7.1). */
export const apiErrors = { icrd: 1, transaction: 2, mcp: 3, grammar: 26_214_401 } as const;

/** An answer of the device that is not a success. `body` is sent as JSON, or as HTML when it is text. */
export class DeviceError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | string;

  constructor(status: number, body: Readonly<Record<string, unknown>> | string, message: string) {
    super(message);
    this.name = 'DeviceError';
    this.status = status;
    this.body = body;
  }
}

/** An error in the shape of icrd: `{code, message, errorStack, apiError}`. */
export function icrdError(status: number, message: string, apiError: number = apiErrors.icrd): DeviceError {
  return new DeviceError(status, { code: status, message, errorStack: [], apiError }, message);
}

/** A validation error of mcpd, `<8 hex>:3: text`, HTTP 400 unless told otherwise. */
export function mcpError(message: string, status = 400): DeviceError {
  return icrdError(status, message, apiErrors.mcp);
}

/** An error of the tmsh grammar, HTTP 400. */
export function grammarError(message: string): DeviceError {
  return icrdError(400, message, apiErrors.grammar);
}
