import { publicPathNotRegistered } from '../errors/restjavad.ts';
import type { AuthenticatedRequest, Reply } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { Device } from '../session/device.ts';
import { runUnit } from '../session/session.ts';
import type { JournalEntry } from '../store/store.ts';
import { parseQuery, type Query } from '../uri/query.ts';
import { resolveTarget } from '../uri/target.ts';
import { renderObject } from '../view/render.ts';
import { applyOperation } from './operation.ts';
import { readCollection, readExample, readObject, readOrganizing } from './read.ts';

/** What the tm side of the emulator works with. */
export interface TmContext {
  readonly device: Device;
  /** Called after each commit with what changed. */
  readonly onChange: (changes: readonly JournalEntry[]) => void;
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

function read(segments: readonly string[], query: Query, request: AuthenticatedRequest, device: Device): Reply {
  const target = resolveTarget(segments, device.kinds);
  const context = { device, query, principal: request.principal };
  switch (target.type) {
    case 'organizing':
      return { status: 200, body: readOrganizing(target.path, device) };
    case 'example':
      return { status: 200, body: readExample(target.kind, device) };
    case 'collection':
      return { status: 200, body: readCollection(target.kind, target.scope, context) };
    case 'object':
      return { status: 200, body: readObject(target, context) };
    default:
      throw publicPathNotRegistered(request.path);
  }
}

/** A request under `/mgmt/tm` on configuration objects. */
export function handleTm(request: AuthenticatedRequest, context: TmContext): Reply {
  const { device } = context;
  const segments = tmSegments(request.path);
  const query = parseQuery(request.query);
  if (request.method === 'GET') {
    return read(segments, query, request, device);
  }
  const body = jsonObject(request.body);
  const operation = { method: request.method, segments, query, body, principal: request.principal };
  const { result, changes } = runUnit(device, false, (session) => applyOperation(operation, session));
  context.onChange(changes);
  if (result === undefined) {
    return { status: 200 };
  }
  return { status: 200, body: renderObject(result, { device }) };
}
