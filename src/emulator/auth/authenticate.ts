import { basicAuthRequired } from '../errors/html.ts';
import { badToken, noCredentials } from '../errors/restjavad.ts';
import { header, type Request } from '../http/exchange.ts';
import type { TokenStore } from './tokens.ts';
import { passwordMatches, principalOf, type Principal, type User } from './users.ts';

/** Who may come in, and by which tokens. */
export interface Gate {
  readonly users: ReadonlyMap<string, User>;
  readonly tokens: TokenStore;
}

function byBasic(credentials: string, gate: Gate): Principal {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const user = gate.users.get(text.slice(0, Math.max(colon, 0)));
  if (user === undefined || !passwordMatches(user, text.slice(colon + 1))) {
    throw basicAuthRequired();
  }
  return principalOf(user);
}

/** Who sends a request: by Basic credentials first, else by token. Throws the 401 of Apache or restjavad. */
export function authenticate(request: Request, gate: Gate): Principal {
  const authorization = header(request, 'authorization');
  const basic = /^basic\s+(\S+)$/iv.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    return byBasic(basic, gate);
  }
  const text = header(request, 'x-f5-auth-token');
  if (text === undefined || text === '') {
    throw noCredentials(request.path, request.address);
  }
  const token = gate.tokens.find(text);
  if (typeof token === 'string') {
    throw badToken(token, request.address);
  }
  const user = gate.users.get(token.userName);
  if (user === undefined) {
    throw badToken('does not exist', request.address);
  }
  return principalOf(user);
}
