import { apiErrors, icrdError } from '../errors/device-error.ts';
import type { KindRegistry } from '../kinds/registry.ts';
import { encodeSegment, splitFullPath } from '../names/full-path.ts';
import { resolveTarget } from '../uri/target.ts';
import type { Fault } from './fault.ts';
import type { Faults } from './faults.ts';

/** What a fault on an object needs to know of a write. */
export interface OperationSubject {
  readonly method: string;
  readonly segments: readonly string[];
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The full path of the object that a POST is to make; undefined without a name. */
function newPath({ method, body = {} }: OperationSubject): string | undefined {
  const { name, partition, subPath } = body;
  if (method !== 'POST' || typeof name !== 'string') {
    return undefined;
  }
  const folder = `/${typeof partition === 'string' ? partition : 'Common'}${typeof subPath === 'string' ? `/${subPath}` : ''}`;
  return name.startsWith('/') ? splitFullPath(name).fullPath : `${folder}/${name}`;
}

/** The URI of the object that a write is about; for a POST that of the object to be: `/mgmt/tm/ltm/pool/~P~p`. */
export function subjectUri(operation: OperationSubject): string {
  const base = `/mgmt/tm/${operation.segments.map(encodeSegment).join('/')}`;
  const path = newPath(operation);
  return path === undefined ? base : `${base}/${encodeSegment(path)}`;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'modify', PATCH: 'modify', DELETE: 'delete' };

function isNamed(pattern: string, name: string | undefined): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^$\{\}\(\)\|\[\]\\\/]/gv, String.raw`\$&`));
  return name !== undefined && new RegExp(`^${parts.join('.*')}$`, 'v').test(name);
}

/** Kind and full path of what a write is about; empty for a path that means nothing. */
function subjectOf(operation: OperationSubject, kinds: KindRegistry): { kind?: string; name?: string | undefined } {
  try {
    const target = resolveTarget(operation.segments, kinds);
    const kind = 'kind' in target ? target.kind.path : '';
    return { kind, name: target.type === 'object' ? target.fullPath : newPath(operation) };
  } catch {
    return {};
  }
}

function suits(fault: Fault, operation: OperationSubject, kinds: KindRegistry): boolean {
  if (fault.type !== 'mcp-error') {
    return true;
  }
  const { kind, name, verb } = fault;
  if (verb !== undefined && verbs[operation.method] !== verb) {
    return false;
  }
  if (kind === undefined && name === undefined) {
    return true;
  }
  const subject = subjectOf(operation, kinds);
  return (kind === undefined || kind === subject.kind) && (name === undefined || isNamed(name, subject.name));
}

/** Throws the error that a fault asks for, if one is set for the object that a write is about. */
export function failIfAsked(faults: Faults, operation: OperationSubject, kinds: KindRegistry): void {
  const { method } = operation;
  const asked = { method, uri: () => subjectUri(operation), suits: (fault: Fault) => suits(fault, operation, kinds) };
  const fault = faults.hit('mcp-error', asked)?.fault;
  if (fault !== undefined) {
    throw icrdError(fault.code ?? 400, fault.message, apiErrors.mcp);
  }
}
