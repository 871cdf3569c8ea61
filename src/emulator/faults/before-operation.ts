import { apiErrors, icrdError } from '../errors/device-error.ts';
import { encodeSegment, splitFullPath } from '../names/full-path.ts';
import type { Faults } from './faults.ts';

/** What a fault on an object needs to know of a write. */
export interface OperationSubject {
  readonly method: string;
  readonly segments: readonly string[];
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The URI of the object that a write is about; for a POST that of the object to be: `/mgmt/tm/ltm/pool/~P~p`. */
export function subjectUri({ method, segments, body = {} }: OperationSubject): string {
  const base = `/mgmt/tm/${segments.map(encodeSegment).join('/')}`;
  const { name, partition, subPath } = body;
  if (method !== 'POST' || typeof name !== 'string') {
    return base;
  }
  const folder = `/${typeof partition === 'string' ? partition : 'Common'}${typeof subPath === 'string' ? `/${subPath}` : ''}`;
  return `${base}/${encodeSegment(name.startsWith('/') ? splitFullPath(name).fullPath : `${folder}/${name}`)}`;
}

/** Throws the error that a fault asks for, if one is set for the object that a write is about. */
export function failIfAsked(faults: Faults, operation: OperationSubject): void {
  const fault = faults.take('mcp-error', operation.method, () => subjectUri(operation));
  if (fault !== undefined) {
    throw icrdError(fault.code ?? 400, fault.message, apiErrors.mcp);
  }
}
