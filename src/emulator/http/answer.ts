import { setTimeout as delay } from 'node:timers/promises';
import { restarting } from '../errors/html.ts';
import { isUpload } from '../files/upload.ts';
import { header, type Reply, type Request } from './exchange.ts';
import { isWrite, loggedBody, loggedPath, loggedQuery, type LogEntry } from './request-log.ts';
import { route, type RouteContext } from './route.ts';
import { replyFor } from './server.ts';

function transactionOf(request: Request): string | undefined {
  const committed = /^\/mgmt\/tm\/transaction\/(\d+)/v.exec(request.path)?.[1];
  return committed ?? header(request, 'x-f5-rest-coordination-id');
}

/** When a request came, by the emulator's clock and by the machine's. */
interface Arrival {
  readonly time: number;
  readonly began: number;
}

function entryFor(
  request: Request,
  { time, began }: Arrival,
  outcome: { status: number; user: string | undefined },
): LogEntry {
  const { method, path, query, body } = request;
  const transaction = transactionOf(request);
  return {
    method,
    path: loggedPath(path),
    query: loggedQuery(query),
    body: isUpload(path) ? undefined : loggedBody(body),
    ...outcome,
    time,
    ms: performance.now() - began,
    transaction,
    write: isWrite(method, path),
  };
}

async function routed(request: Request, context: RouteContext): Promise<{ reply: Reply; user: string | undefined }> {
  let user: string | undefined;
  try {
    const found = route(request, context, (name) => {
      user = name;
    });
    return { reply: await found, user };
  } catch (error) {
    return { reply: replyFor(error), user };
  }
}

/** Answers a request, with the faults that are set for it, and notes it in the log. A cut connection is status 0. */
export async function answer(request: Request, context: RouteContext): Promise<Reply | 'cut'> {
  const { faults, log } = context;
  const { method, path, query } = request;
  const arrival = { time: context.device.clock.now(), began: performance.now() };
  const isOurs = path === '/' || path.startsWith('/emulator/');
  const uri = (): string => (query === '' ? path : `${path}?${query}`);
  const latency = isOurs ? undefined : faults.take('latency', method, uri);
  if (latency !== undefined && latency.ms > 0) {
    await delay(latency.ms);
  }
  if (!isOurs && faults.take('unavailable', method, uri) !== undefined) {
    const reply = replyFor(restarting());
    log.add(entryFor(request, arrival, { status: reply.status, user: undefined }));
    return reply;
  }
  const cut = isOurs ? undefined : faults.take('cut', method, uri);
  if (cut?.when === 'before') {
    log.add(entryFor(request, arrival, { status: 0, user: undefined }));
    return 'cut';
  }
  const { reply, user } = await routed(request, context);
  if (!isOurs) {
    log.add(entryFor(request, arrival, { status: cut === undefined ? reply.status : 0, user }));
  }
  return cut === undefined ? reply : 'cut';
}
