import { DeviceError, icrdError } from '../errors/device-error.ts';
import { invalidValue } from '../errors/mcp.ts';
import { publicPathNotRegistered, restjavadError } from '../errors/restjavad.ts';
import type { AuthenticatedRequest, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { TmContext } from '../rest/handle-tm.ts';
import type { Task } from './task-store.ts';

type Json = Record<string, unknown>;

/** What a request for a task needs. */
export interface TaskCall {
  readonly request: AuthenticatedRequest;
  readonly context: TmContext;
  /** Runs the command of a task, as a POST to its path does. */
  readonly run: (path: string, body: Json) => Reply | Promise<Reply>;
}

/** Collections whose commands run as tasks (fact sheet 5.2). */
const runnable = new Set([
  'sys/config',
  'util/bash',
  'cm/config-sync',
  'cli/script',
  'ltm/policy',
  'sys/crypto/cert',
  'sys/crypto/key',
]);

function linkOf(task: Task): string {
  return `https://localhost/mgmt/tm/task/${task.path}/${task.id}`;
}

/** A task as it is shown (kind K): what was asked, its number and state. */
function shown(task: Task, { context }: TaskCall): Json {
  const command = typeof task.body['command'] === 'string' ? task.body['command'] : '';
  return {
    _taskId: task.id,
    _taskState: task.state,
    _taskTimeInStateMs: Math.max(0, context.device.clock.now() - task.since),
    kind: `tm:task:${task.path.replaceAll('/', ':')}:${command}taskstate`,
    selfLink: linkOf(task),
    ...task.body,
  };
}

function notFound(id: string, { request }: TaskCall): DeviceError {
  return icrdError(404, `Task not found - ID: ${id} user: ${request.principal.name}`);
}

function findTask(path: string, id: string, call: TaskCall): Task {
  const { name, role } = call.request.principal;
  const task = call.context.tasks.find(path, id);
  if (task === undefined || (task.user !== name && role !== 'admin')) {
    throw notFound(id, call);
  }
  return task;
}

function create(path: string, call: TaskCall): Reply {
  const body = jsonObject(call.request.body);
  if (typeof body['command'] !== 'string' || body['command'] === '') {
    throw invalidValue('command', body['command'] ?? '');
  }
  const task = call.context.tasks.create({ path, user: call.request.principal.name, body });
  return { status: 200, body: shown(task, call) };
}

function refusal(error: unknown): Reply {
  if (error instanceof DeviceError) {
    return { status: error.status, body: error.body };
  }
  throw error;
}

/** Runs the command; a refusal is the outcome of the task, not of this request. */
function runCommand(task: Task, call: TaskCall): void {
  const finish = (outcome: Reply): void => {
    call.context.tasks.advance(task, { state: outcome.status < 400 ? 'COMPLETED' : 'FAILED', outcome });
  };
  try {
    const outcome = call.run(task.path, { ...task.body });
    if (outcome instanceof Promise) {
      void outcome.then(finish, (error: unknown) =>
        finish(error instanceof DeviceError ? refusal(error) : refusal(restjavadError(500, String(error)))),
      );
    } else {
      finish(outcome);
    }
  } catch (error) {
    finish(refusal(error));
  }
}

function start(task: Task, call: TaskCall): Reply {
  const { _taskState: wanted } = jsonObject(call.request.body);
  if (wanted !== 'VALIDATING') {
    throw invalidValue('_taskState', wanted ?? '');
  }
  if (task.state !== 'STARTED') {
    throw icrdError(400, `Task (${task.id}) is already in state ${task.state}`);
  }
  const { tasks } = call.context;
  runCommand(tasks.advance(task, { state: 'VALIDATING' }), call);
  return { status: 202, body: { code: 202, message: 'Task will execute asynchronously.', errorStack: [] } };
}

function result(task: Task): Reply {
  const { outcome } = task;
  if (outcome === undefined) {
    throw icrdError(400, `Task (${task.id}) has no result yet`);
  }
  const body = typeof outcome.body === 'object' ? (outcome.body as Json) : {};
  return {
    status: 200,
    body: { _taskId: task.id, _taskState: task.state, ...body, selfLink: `${linkOf(task)}/result` },
  };
}

function onTask(task: Task, isResult: boolean, call: TaskCall): Reply {
  switch (call.request.method) {
    case 'GET':
      return isResult ? result(task) : { status: 200, body: shown(task, call) };
    case 'PUT':
    case 'PATCH':
      return start(task, call);
    case 'DELETE':
      call.context.tasks.remove(task);
      return { status: 200 };
    default:
      throw restjavadError(405, `Method ${call.request.method} is not allowed on ${call.request.path}`);
  }
}

/**
 * `/mgmt/tm/task/<path>`: POST makes a task, PUT of `{"_taskState": "VALIDATING"}` starts it, GET tells its state and
 * `/result` its outcome (fact sheet 5.2). Most commands have ended when the PUT is answered.
 */
export function taskResource(segments: readonly string[], call: TaskCall): Reply {
  const last = segments.at(-1) ?? '';
  const isResult = last === 'result';
  const parts = isResult ? segments.slice(0, -1) : segments;
  const id = /^\d+$/v.test(parts.at(-1) ?? '') ? parts.at(-1) : undefined;
  const path = (id === undefined ? parts : parts.slice(0, -1)).slice(1).join('/');
  if (!runnable.has(path)) {
    throw publicPathNotRegistered(call.request.path);
  }
  if (id !== undefined) {
    return onTask(findTask(path, id, call), isResult, call);
  }
  if (call.request.method === 'POST') {
    return create(path, call);
  }
  const items = call.context.tasks
    .list(path)
    .filter(({ user }) => user === call.request.principal.name)
    .map((task) => shown(task, call));
  const kind = `tm:task:${path.replaceAll('/', ':')}:taskcollectionstate`;
  return { status: 200, body: { kind, selfLink: `https://localhost/mgmt/tm/task/${path}`, items } };
}
