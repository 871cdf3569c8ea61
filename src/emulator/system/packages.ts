import { randomUUID } from 'node:crypto';
import { restjavadError } from '../errors/restjavad.ts';
import type { Request, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { Device } from '../session/device.ts';

type Json = Record<string, unknown>;

const base = '/mgmt/shared/iapp/package-management-tasks';
const kind = 'shared:iapp:package-management-tasks:iapppackagemanagementtaskstate';
const operations = new Set<unknown>(['QUERY', 'INSTALL', 'UNINSTALL', 'DOWNLOAD']);

/** Tasks by device and id; a box forgets them when it restarts. */
const tasksOf = new WeakMap<Device, Map<string, Json>>();

/** Whether a path is that of the tasks that list and install packages of extensions. */
export function isPackageTask(path: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}

/** A task that was created, and how it ends: no package is installed, and none can be. */
function outcome(body: Json): Json {
  return body['operation'] === 'QUERY'
    ? { status: 'FINISHED', queryResponse: [] }
    : { status: 'FAILED', errorMessage: 'This device takes no packages' };
}

/**
 * Tasks of extension packages (shape K, as public clients read it): `QUERY` finds none, `INSTALL` and `UNINSTALL` fail.
 * Throws 404 for an unknown task, 400 for an unknown operation, 405 for other methods.
 */
export function packageTasks(request: Request, path: string, device: Device): Reply {
  const tasks = tasksOf.get(device) ?? new Map<string, Json>();
  tasksOf.set(device, tasks);
  const id = path.slice(base.length + 1);
  if (request.method === 'GET') {
    const task = tasks.get(id);
    if (id === '') {
      const selfLink = `https://localhost${base}`;
      const label = 'shared:iapp:package-management-tasks:iapppackagemanagementtaskcollectionstate';
      return { status: 200, body: { items: [...tasks.values()], generation: tasks.size, kind: label, selfLink } };
    }
    if (task === undefined) {
      throw restjavadError(404, `Object not found - ${id}`);
    }
    return { status: 200, body: task };
  }
  if (request.method !== 'POST' || id !== '') {
    throw restjavadError(405, `Method ${request.method} is not allowed on ${path}`);
  }
  const body = jsonObject(request.body);
  if (!operations.has(body['operation'])) {
    throw restjavadError(400, 'operation must be one of QUERY, INSTALL, UNINSTALL, DOWNLOAD');
  }
  const task = { ...body, id: randomUUID(), generation: 1, kind };
  const selfLink = `https://localhost${base}/${task.id}`;
  tasks.set(task.id, { ...task, ...outcome(body), selfLink });
  return { status: 202, body: { ...task, status: 'CREATED', selfLink } };
}
