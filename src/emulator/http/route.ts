import { authenticate, type Gate } from '../auth/authenticate.ts';
import { login } from '../auth/login.ts';
import { tokenResource } from '../auth/token-resource.ts';
import type { Principal } from '../auth/users.ts';
import { publicPathNotRegistered } from '../errors/restjavad.ts';
import { handleTm, type TmContext } from '../rest/handle-tm.ts';
import type { AuthenticatedRequest, Reply, Request } from './exchange.ts';

/** What the router hands requests to. */
export interface RouteContext extends TmContext {
  readonly gate: Gate;
}

/** A reply, and who asked, for the log. */
export interface Routed {
  readonly reply: Reply | Promise<Reply>;
  readonly principal: Principal | undefined;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function shared(path: string, request: AuthenticatedRequest, context: RouteContext): Reply {
  const tokens = /^\/mgmt\/shared\/authz\/tokens(?:\/([^\/]+))?$/v.exec(path);
  if (tokens !== null) {
    return tokenResource(tokens[1], request, context.gate.tokens);
  }
  throw publicPathNotRegistered(path.replace(/^\/mgmt/v, ''));
}

/** Finds who answers a request. Everything but the login needs credentials. */
export function route(request: Request, context: RouteContext): Routed {
  const path = withoutTrailingSlash(request.path);
  if (path === '/mgmt/shared/authn/login') {
    return { reply: login(request, context.gate), principal: undefined };
  }
  const principal = authenticate(request, context.gate);
  const known: AuthenticatedRequest = { ...request, principal };
  if (path === '/mgmt/tm' || path.startsWith('/mgmt/tm/')) {
    return { reply: handleTm(known, context), principal };
  }
  return { reply: shared(path, known, context), principal };
}
