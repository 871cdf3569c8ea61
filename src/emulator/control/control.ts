import { restjavadError } from '../errors/restjavad.ts';
import { readFault } from '../faults/read-fault.ts';
import type { Faults } from '../faults/faults.ts';
import type { AuthenticatedRequest, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { RequestLog } from '../http/request-log.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { readLearned, type Taught } from './taught.ts';

/** What the emulator's own pages work with. */
export interface ControlContext {
  readonly faults: Faults;
  readonly log: RequestLog;
  /** What applies the configuration to the kernel, if it is on. */
  readonly kernel: () => Kernel | undefined;
  /** Routes as if a neighbour had told of them. */
  readonly taught: Taught;
}

function faultsPage(rest: string | undefined, request: AuthenticatedRequest, faults: Faults): Reply {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: { items: faults.list() } };
    case 'POST': {
      const body = jsonObject(request.body);
      if (body['type'] === 'expire-tokens') {
        faults.expireTokens();
        return { status: 200, body: {} };
      }
      return { status: 200, body: { id: faults.add(readFault(body)) } };
    }
    case 'DELETE':
      if (rest === undefined) {
        faults.clear();
      } else if (!faults.remove(Number(rest))) {
        throw restjavadError(404, `fault ${rest} is not set`);
      }
      return { status: 200 };
    default:
      throw restjavadError(405, `Method ${request.method} is not allowed on ${request.path}`);
  }
}

function logPage(request: AuthenticatedRequest, log: RequestLog): Reply {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: { total: log.total, items: log.entries() } };
    case 'DELETE':
      log.clear();
      return { status: 200 };
    default:
      throw restjavadError(405, `Method ${request.method} is not allowed on ${request.path}`);
  }
}

/** What the kernel has of the configuration, as soon as it follows all of it. */
async function kernelPage(request: AuthenticatedRequest, kernel: Kernel | undefined): Promise<Reply> {
  if (request.method !== 'GET') {
    throw restjavadError(405, `Method ${request.method} is not allowed on ${request.path}`);
  }
  await kernel?.settled();
  return { status: 200, body: { on: kernel !== undefined, items: kernel?.entries() ?? [] } };
}

/** Routes as if a neighbour had told of them by BGP: shown, and put in place of what was there. */
function routesPage(request: AuthenticatedRequest, taught: Taught): Reply {
  if (request.method === 'PUT') {
    taught.routes = readLearned(jsonObject(request.body));
  } else if (request.method !== 'GET') {
    throw restjavadError(405, `Method ${request.method} is not allowed on ${request.path}`);
  }
  return { status: 200, body: { items: taught.routes } };
}

/** `/emulator/faults[/<id>]`, `/emulator/log`, `/emulator/kernel` and `/emulator/routes`: for administrators. No device has these. */
export function control(request: AuthenticatedRequest, context: ControlContext): Reply | Promise<Reply> {
  if (request.principal.role !== 'admin') {
    throw restjavadError(403, `user ${request.principal.name} is not an administrator`);
  }
  const [, , page, rest] = request.path.replace(/\/$/v, '').split('/');
  if (page === 'faults') {
    return faultsPage(rest, request, context.faults);
  }
  if (page === 'log') {
    return logPage(request, context.log);
  }
  if (page === 'kernel') {
    return kernelPage(request, context.kernel());
  }
  if (page === 'routes') {
    return routesPage(request, context.taught);
  }
  throw restjavadError(404, `Public URI path not registered: ${request.path}`);
}
