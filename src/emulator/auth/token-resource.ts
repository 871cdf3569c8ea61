import { restjavadError } from '../errors/restjavad.ts';
import type { AuthenticatedRequest, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import { tokenBody } from './token-body.ts';
import { maxTimeout, type Token, type TokenStore } from './tokens.ts';

const link = 'https://localhost/mgmt/shared/authz/tokens';

function listTokens(request: AuthenticatedRequest, tokens: TokenStore): Reply {
  const { name, role } = request.principal;
  const items = tokens.list(role === 'admin' ? undefined : name).map(tokenBody);
  const rest = { generation: items.length, kind: 'shared:authz:tokens:authtokencollectionstate', lastUpdateMicros: 0 };
  return { status: 200, body: { items, ...rest, selfLink: link } };
}

function patch(token: Token, request: AuthenticatedRequest, tokens: TokenStore): Reply {
  const { timeout } = jsonObject(request.body);
  const seconds = Number(timeout);
  if (timeout === undefined || !Number.isInteger(seconds) || seconds <= 0) {
    throw restjavadError(400, 'Auth-token timeout must be specified', { errorStack: [] });
  }
  if (seconds > maxTimeout) {
    throw restjavadError(406, `Auth-token absolute timeout (${maxTimeout} seconds) exceeded`, { errorStack: [] });
  }
  return { status: 200, body: tokenBody(tokens.extend(token, seconds)) };
}

/** `/mgmt/shared/authz/tokens[/<token>]`: list, read, lengthen, end (fact sheet 1.3). */
export function tokenResource(text: string | undefined, request: AuthenticatedRequest, tokens: TokenStore): Reply {
  if (text === undefined) {
    return listTokens(request, tokens);
  }
  const token = tokens.find(text);
  if (typeof token === 'string') {
    throw restjavadError(404, `Object not found: ${link}/${text}`, { errorStack: [] });
  }
  const { name, role } = request.principal;
  if (role !== 'admin' && token.userName !== name) {
    throw restjavadError(400, 'Authorization failed: token belongs to another user', { errorStack: [] });
  }
  switch (request.method) {
    case 'GET':
      return { status: 200, body: tokenBody(token) };
    case 'PATCH':
      return patch(token, request, tokens);
    case 'DELETE':
      tokens.delete(text);
      return { status: 200, body: tokenBody(token) };
    default:
      throw restjavadError(405, `Method ${request.method} is not allowed`, { errorStack: [] });
  }
}
