import { withoutTags } from '../errors/html-like.ts';
import type { Answered } from '../faults/disturb.ts';
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

async function routed(request: Request, context: RouteContext): Promise<Answered> {
  let user: string | undefined;
  try {
    const found = route(request, context, (name) => {
      user = name;
    });
    return { reply: await found, user };
  } catch (error) {
    return { reply: replyFor(request.path.startsWith('/mgmt/tm') ? withoutTags(error) : error), user };
  }
}

/** Answers a request, with the faults that are set for it, and notes it in the log. A cut connection is status 0. */
export async function answer(request: Request, context: RouteContext): Promise<Reply | 'cut'> {
  const { disturbance, log } = context;
  const { path } = request;
  const arrival = { time: context.device.clock.now(), began: performance.now() };
  if (path === '/' || path.startsWith('/emulator/')) {
    return (await routed(request, context)).reply;
  }
  const seen: { user?: string | undefined } = {};
  const answered = await disturbance.answer(request, async () => {
    const found = await routed(request, context);
    seen.user = found.user;
    return found;
  });
  const { user } = seen;
  log.add(entryFor(request, arrival, { status: answered === 'cut' ? 0 : answered.reply.status, user }));
  return answered === 'cut' ? 'cut' : answered.reply;
}
