import { authenticate, type Gate } from '../auth/authenticate.ts';
import { login } from '../auth/login.ts';
import { tokenResource } from '../auth/token-resource.ts';
import { control, type ControlContext } from '../control/control.ts';
import { publicPathNotRegistered } from '../errors/restjavad.ts';
import type { Disturbance } from '../faults/disturb.ts';
import { download, isDownload } from '../files/download.ts';
import { isUpload, upload } from '../files/upload.ts';
import { pairPath } from '../pair/links.ts';
import { pairPage } from '../pair/pair-page.ts';
import { handleTm, type TmContext } from '../rest/handle-tm.ts';
import { isPackageTask, packageTasks } from '../system/packages.ts';
import { deviceInfo, echo, identifiedDevices } from '../system/shared.ts';
import { requireJson } from './content-type.ts';
import type { AuthenticatedRequest, Reply, Request } from './exchange.ts';

/** What the router hands requests to. */
export interface RouteContext extends TmContext, ControlContext {
  readonly gate: Gate;
  readonly disturbance: Disturbance;
  /** The page for people at `/`. */
  readonly page: (request: Request) => Reply;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function shared(path: string, request: AuthenticatedRequest, context: RouteContext): Reply {
  const tokens = /^\/mgmt\/shared\/authz\/tokens(?:\/([^\/]+))?$/v.exec(path);
  if (tokens !== null) {
    return tokenResource(tokens[1], request, context.gate.tokens);
  }
  if (isUpload(path)) {
    return upload(request, context.device);
  }
  if (isDownload(path)) {
    return download(request, path, context.device.files);
  }
  if (isPackageTask(path)) {
    return packageTasks(request, path, context.device);
  }
  const page = request.method === 'GET' ? sharedPage(path, request, context) : undefined;
  if (page === undefined) {
    throw publicPathNotRegistered(path.replace(/^\/mgmt/v, ''));
  }
  return { status: 200, body: page };
}

function sharedPage(path: string, request: Request, context: RouteContext): Record<string, unknown> | undefined {
  switch (path.replace(/\/available$/v, '')) {
    case '/mgmt/shared/identified-devices':
      return identifiedDevices();
    case '/mgmt/shared/identified-devices/config/device-info':
      return deviceInfo(context.device);
    case '/mgmt/shared/echo':
      return echo('echo', request.query);
    case '/mgmt/shared/echo-query':
      return echo('echo-query', request.query);
    default:
      return undefined;
  }
}

/** Whether a request asks if a worker is there: `/available` behind a URI that no object can have. */
function isProbe(method: string, path: string, { device }: RouteContext): boolean {
  const worker = /^\/mgmt\/tm\/(.+)\/available$/v.exec(path)?.[1];
  return method === 'GET' && worker !== undefined && device.kinds.organizing.has(worker);
}

/** Finds who answers a request. Everything but the login needs credentials; `onUser` learns whose they are. */
export function route(request: Request, context: RouteContext, onUser: (name: string) => void): Reply | Promise<Reply> {
  const path = withoutTrailingSlash(request.path);
  if (path === '/') {
    return context.page(request);
  }
  if (path === '/mgmt/shared/authn/login') {
    return login(request, context.gate);
  }
  if (path === pairPath) {
    return pairPage(request, context.device);
  }
  const principal = authenticate(request, context.gate);
  onUser(principal.name);
  const known: AuthenticatedRequest = { ...request, principal };
  if (path === '/mgmt/tm' || path.startsWith('/mgmt/tm/')) {
    requireJson(request);
    if (isProbe(request.method, path, context)) {
      return { status: 200, body: {} };
    }
    return handleTm(known, context);
  }
  return path.startsWith('/emulator/') ? control(known, context) : shared(path, known, context);
}
