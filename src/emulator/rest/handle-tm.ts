import type { OperationSubject } from '../faults/before-operation.ts';
import type { SlowCommit } from '../faults/slow-commit.ts';
import { icrdError } from '../errors/device-error.ts';
import { publicPathNotRegistered } from '../errors/restjavad.ts';
import { header, type AuthenticatedRequest, type Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import { routeKind } from '../kinds/net/route.ts';
import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import { routeTable, type LearnedRoute } from '../stats/route-table.ts';
import { readStats } from '../stats/read-stats.ts';
import type { StatsSource } from '../stats/stats-source.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import type { SystemResource } from '../system/system-resource.ts';
import { queueCommand } from '../transaction/queue.ts';
import { transactionResource } from '../transaction/resource.ts';
import { notQueueable } from '../transaction/errors.ts';
import { taskResource } from '../tasks/resource.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import type { TransactionStore } from '../transaction/transaction.ts';
import { parseQuery, type Query } from '../uri/query.ts';
import { resolveTarget } from '../uri/target.ts';
import { pinnedVersion } from '../version/version.ts';
import { renderObject } from '../view/render.ts';
import { applyOperation, commandReply } from './operation.ts';
import { requireProvisioned } from './provisioned.ts';
import { readCollection, readExample, readObject, readOrganizing } from './read.ts';

/** What the tm side of the emulator works with. */
export interface TmContext {
  readonly device: Device;
  readonly transactions: TransactionStore;
  readonly system: ReadonlyMap<string, SystemResource>;
  readonly stats: StatsSource;
  /** Routes that no configuration has: what a neighbour told of. */
  readonly learned: () => Promise<readonly LearnedRoute[]>;
  readonly tasks: TaskStore;
  /** Called after each commit with what changed. */
  readonly onChange: (changes: readonly JournalEntry[]) => void;
  /** Called before each write of an object: throws when a fault is set for it. */
  readonly beforeOperation: (operation: OperationSubject) => void;
  /** For a commit: how to answer before it is applied, when a fault asks for that. */
  readonly slowCommit: (uri: string) => SlowCommit | undefined;
}

/** Decodes one segment of a path; a `%` that encodes nothing stays as it is. */
export function decodePart(part: string): string {
  if (!part.includes('%')) {
    return part;
  }
  try {
    return decodeURIComponent(part);
  } catch {
    return part.replaceAll('%25', '%');
  }
}

/** Segments below `/mgmt/tm`; empty ones (a trailing slash) are left out. */
export function tmSegments(path: string): readonly string[] {
  const parts = path.split('/').slice(3);
  return parts.filter((part) => part !== '').map(decodePart);
}

/** The device as a query wants to see it: of an older version, when `ver` says so. Throws 400 for a newer one (text K). */
function asOf(device: Device, { version: given }: Query): Device {
  const version = given === undefined ? device.version : pinnedVersion(device.version, given);
  if (version === undefined) {
    throw icrdError(
      400,
      `The version (${given}) of the request is not supported; the device runs ${device.version.full}`,
    );
  }
  return version === device.version ? device : { ...device, version };
}

function read(
  segments: readonly string[],
  query: Query,
  call: { request: AuthenticatedRequest; context: TmContext },
): Reply | Promise<Reply> {
  const { request, context } = call;
  const device = asOf(context.device, query);
  // Status pages answer under `/stats` too.
  const system = context.system.get(segments.join('/').replace(/\/stats$/v, ''));
  if (system?.get !== undefined) {
    return { status: 200, body: system.get(device, context.stats) };
  }
  const item = context.system.get(segments.slice(0, -1).join('/'))?.item?.(segments.at(-1) ?? '', device);
  if (item !== undefined) {
    return { status: 200, body: item };
  }
  const target = resolveTarget(segments, device.kinds);
  const reading = { device, query, principal: request.principal };
  switch (target.type) {
    case 'organizing':
      return { status: 200, body: readOrganizing(target.path, device) };
    case 'example':
      return { status: 200, body: readExample(target.kind, device) };
    case 'all-members-stats':
      return { status: 200, body: readStats(target, reading, context.stats) };
    case 'collection':
      if (target.stats && target.kind === routeKind) {
        return context.learned().then((learned) => ({ status: 200, body: routeTable(device, learned) }));
      }
      return {
        status: 200,
        body: target.stats
          ? readStats(target, reading, context.stats)
          : readCollection(target.kind, target.scope, reading),
      };
    case 'object':
      return {
        status: 200,
        body: target.stats ? readStats(target, reading, context.stats) : readObject(target, reading),
      };
    default:
      throw publicPathNotRegistered(request.path);
  }
}

/** An object that was written, as its path shows it: a key made by `sys crypto key` is none of `sys file ssl-key` there. */
function shownResult(result: ConfigObject, system: SystemResource | undefined, device: Device): object {
  return system?.item?.(result.fullPath, device) ?? renderObject(result, { device });
}

function write(
  segments: readonly string[],
  query: Query,
  call: { request: AuthenticatedRequest; context: TmContext },
): Reply | Promise<Reply> {
  const { request, context } = call;
  const { device } = context;
  const body = jsonObject(request.body);
  const system = context.system.get(segments.join('/'));
  const answer =
    request.method === 'POST'
      ? (system?.execute?.(body, { request, context }) ?? system?.run?.(body, device, request))
      : undefined;
  if (answer !== undefined) {
    return answer instanceof Promise
      ? answer.then((each) => ({ status: 200, body: each }))
      : { status: 200, body: answer };
  }
  const operation = { method: request.method, segments, query, body, principal: request.principal };
  const { result, changes } = runUnit(device, { transaction: false }, (session) => {
    context.beforeOperation(operation);
    return applyOperation(operation, session);
  });
  context.onChange(changes);
  const misleading = request.method === 'POST' ? result?.kind.hooks.misleadingReply?.(result, device) : undefined;
  if (misleading !== undefined) {
    throw misleading;
  }
  const shown = asOf(device, query);
  const reply = result === undefined ? commandReply(operation, device.kinds) : shownResult(result, system, shown);
  return reply === undefined ? { status: 200 } : { status: 200, body: reply };
}

/** Runs the command of a task. `config-sync` is a command of `cm`. */
function runTask(
  path: string,
  body: Record<string, unknown>,
  call: { request: AuthenticatedRequest; context: TmContext },
): Reply | Promise<Reply> {
  const given: unknown = body['options'];
  const options = Object.entries(Object.assign({}, ...(Array.isArray(given) ? given : [])) as object);
  const isSync = path === 'cm/config-sync';
  const words = options.flatMap(([name, value]) => (value === true ? [name] : [name, String(value)]));
  const command = isSync ? { command: 'run', utilCmdArgs: ['config-sync', ...words].join(' ') } : body;
  const target = isSync ? 'cm' : path;
  const request = { ...call.request, method: 'POST', path: `/mgmt/tm/${target}`, body: JSON.stringify(command) };
  return write(target.split('/'), parseQuery(''), { request, context: call.context });
}

/** A request under `/mgmt/tm`: transactions, queued writes, reads and writes of objects, commands. */
export function handleTm(request: AuthenticatedRequest, context: TmContext): Reply | Promise<Reply> {
  const segments = tmSegments(request.path);
  requireProvisioned(segments, context.device);
  const query = parseQuery(request.query);
  asOf(context.device, query);
  const transaction = header(request, 'x-f5-rest-coordination-id');
  if (segments[0] === 'transaction') {
    if (transaction !== undefined && request.method !== 'GET') {
      throw notQueueable(transaction, request.method, request.path);
    }
    return transactionResource(segments, { request, context });
  }
  if (transaction !== undefined && request.method !== 'GET') {
    return queueCommand(transaction, segments, { request, context });
  }
  if (segments[0] === 'task') {
    return taskResource(segments, { request, context, run: (path, body) => runTask(path, body, { request, context }) });
  }
  return request.method === 'GET'
    ? read(segments, query, { request, context })
    : write(segments, query, { request, context });
}
