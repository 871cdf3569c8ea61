import { basicAuthRequired } from '../errors/html.ts';
import { badToken, noCredentials } from '../errors/restjavad.ts';
import { header, type Request } from '../http/exchange.ts';
import type { TokenStore } from './tokens.ts';
import type { Directory } from './directory.ts';
import type { Principal } from './users.ts';

/** Who may come in, and by which tokens. */
export interface Gate {
  readonly users: Directory;
  readonly tokens: TokenStore;
}

function byBasic(credentials: string, gate: Gate): Principal {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const user = gate.users.check(text.slice(0, Math.max(colon, 0)), text.slice(colon + 1));
  if (user === undefined) {
    throw basicAuthRequired();
  }
  return user;
}

function byToken(text: string, request: Request, gate: Gate): Principal {
  const token = gate.tokens.find(text);
  if (typeof token === 'string') {
    throw badToken(token, request.address);
  }
  const user = gate.users.find(token.userName);
  if (user === undefined) {
    throw badToken('does not exist', request.address);
  }
  return user;
}

/**
 * Who sends a request. A token goes before Basic credentials: httpd leaves a request with a token to restjavad unchecked
 * (K; bigrest sends `None:None` beside its token and gets in). Throws the 401 of Apache or restjavad.
 */
export function authenticate(request: Request, gate: Gate): Principal {
  const text = header(request, 'x-f5-auth-token');
  if (text !== undefined && text !== '') {
    return byToken(text, request, gate);
  }
  const basic = /^basic\s+(\S+)$/iv.exec(header(request, 'authorization') ?? '')?.[1];
  if (basic === undefined) {
    throw noCredentials(request.path, request.address);
  }
  return byBasic(basic, gate);
}
