import { DeviceError } from './device-error.ts';

let operations = 1_067_315;

/** A fresh `restOperationId`. */
export function nextOperationId(): number {
  operations += 1;
  return operations;
}

/**
 * An error in the shape of restjavad, in the recorded order: `{code, message, ..., restOperationId, errorStack, kind:
 * ":resterrorresponse"}`.
 */
export function restjavadError(
  status: number,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): DeviceError {
  const { errorStack, ...rest } = more;
  const stack = errorStack === undefined ? {} : { errorStack };
  const restOperationId = nextOperationId();
  const body = { code: status, message, ...rest, restOperationId, ...stack, kind: ':resterrorresponse' };
  return new DeviceError(status, body, message);
}

/** 404 for a path that no worker has. */
export function publicPathNotRegistered(path: string): DeviceError {
  return restjavadError(404, `Public URI path not registered: ${path}`, { referer: '127.0.0.1' });
}

/** 401 for a wrong name or password at login. The password is not repeated. */
export function authenticationFailed(username: string): DeviceError {
  const originalRequestBody = JSON.stringify({ username, generation: 0, lastUpdateMicros: 0 });
  return restjavadError(401, 'Authentication failed.', { originalRequestBody, errorStack: [] });
}

/** 400 for a login of a user who has the most tokens that are allowed (fact sheet 1.3). */
export function tooManyTokens(username: string): DeviceError {
  return restjavadError(400, `Bad Request: user ${username} has reached maximum active login tokens`, {
    errorStack: [],
  });
}

/** 401 without credentials. */
export function noCredentials(path: string, address: string): DeviceError {
  const message = `Authorization failed: no user authentication header or token detected. Uri:http://localhost:8100${path} Referrer:${address} Sender:${address}`;
  return restjavadError(401, message, { referer: address });
}

/** 401 with a token that is unknown (it expired, or was deleted) or known to have expired. */
export function badToken(state: 'does not exist' | 'has expired', address: string): DeviceError {
  const message = `X-F5-Auth-Token ${state}.`;
  const errorStack = [
    `java.lang.SecurityException: ${message}`,
    'at com.f5.rest.workers.EvaluatePermissions.failPermissionValidation(EvaluatePermissions.java:249)',
  ];
  return restjavadError(401, message, { referer: address, errorStack });
}

/** 400: the operation took longer than 60 s; it may still be carried out (fact sheet 11.1). */
export function operationExpired(method: string, address: string, body: string): DeviceError {
  return restjavadError(400, `remoteSender:${address}, method:${method} `, {
    originalRequestBody: body,
    referer: address,
    errorStack: [
      'java.util.concurrent.TimeoutException: remoteSender',
      'at com.f5.rest.common.RestWorker.logAndFailExpiredOperation(RestWorker.java)',
    ],
  });
}

/** 401 of the role check in front of the workers (text K, fact sheet 1.5). */
export function roleRefused(user: string, request: { method: string; path: string; address: string }): DeviceError {
  const { method, path, address } = request;
  const message = `Authorization failed: user=https://localhost/mgmt/shared/authz/users/${user} resource=${path} verb=${method} uri:http://localhost:8100${path} referrer:${address} sender:${address}`;
  return restjavadError(401, message, { referer: address });
}
