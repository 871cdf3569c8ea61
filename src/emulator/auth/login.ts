import { authenticationFailed, noCredentials, restjavadError, tooManyTokens } from '../errors/restjavad.ts';
import { jsonObject } from '../http/json-body.ts';
import type { Reply, Request } from '../http/exchange.ts';
import type { Gate } from './authenticate.ts';
import { loginBody } from './token-body.ts';

/** `POST /mgmt/shared/authn/login`: a token for a name and password (fact sheet 1.2). */
export function login(request: Request, gate: Gate): Reply {
  if (request.method !== 'POST') {
    throw noCredentials(request.path, request.address);
  }
  const { username, password, loginProviderName } = jsonObject(request.body);
  const name = typeof username === 'string' ? username : '';
  if (loginProviderName !== undefined && loginProviderName !== 'tmos') {
    throw restjavadError(401, 'loginProviderName is invalid.', { errorStack: [] });
  }
  if (typeof password !== 'string' || gate.users.check(name, password) === undefined) {
    throw authenticationFailed(name);
  }
  const token = gate.tokens.issue(name, request.address);
  if (token === undefined) {
    throw tooManyTokens(name);
  }
  return { status: 200, body: loginBody(token) };
}
