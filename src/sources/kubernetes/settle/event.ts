import { createHash } from 'node:crypto';

import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ServiceRecord } from '../model.ts';
import { resources } from '../api/resources.ts';

/** Whom an Event is about. */
export type Regarding = Pick<ServiceRecord, 'namespace' | 'name' | 'uid'> & { readonly kind: 'Service' | 'Ingress' };

/** What a person shall read with `kubectl describe`. */
export interface ObjectEvent {
  readonly regarding: Regarding;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, at most 128 characters. */
  readonly reason: string;
  readonly note: string;
}

/** The API's limit on a note, bytes. */
const NOTE_BYTES = 1024;

/** A diagnostic as an Event: `address-conflict` becomes the reason `AddressConflict`. */
export function eventOf(regarding: Regarding, diagnostic: Diagnostic): ObjectEvent {
  const words = diagnostic.code.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const reason = words
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('')
    .slice(0, 128);
  const text = diagnostic.detail === undefined ? diagnostic.summary : `${diagnostic.summary}\n${diagnostic.detail}`;
  const type = diagnostic.severity === 'info' ? 'Normal' : 'Warning';
  return { regarding, type, reason: reason || 'Problem', note: cutBytes(text, NOTE_BYTES) };
}

/** Cuts a text to at most so many bytes of UTF-8, between characters, and shows that it was cut. */
function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limit) return text;
  let end = limit - 3;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.subarray(0, end).toString('utf8')}...`;
}

/** The same event has the same name, also after a restart: it is counted, not repeated. */
export function eventName({ regarding, reason, note }: ObjectEvent): string {
  const hash = createHash('sha256').update([regarding.uid, reason, note].join('\n')).digest('hex').slice(0, 16);
  return `${regarding.name}.${hash}`;
}

/** The object to create (events.k8s.io/v1). */
export function eventBody(event: ObjectEvent, how: { readonly instance: string; readonly time: Date }): object {
  const { kind, namespace, name, uid } = event.regarding;
  // `/api/v1` or `/apis/<group>/<version>`.
  const apiVersion = resources[kind].base.replace(/^\/apis?\//, '');
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace, name: eventName(event) },
    eventTime: microTime(how.time),
    reportingController: 'fairlead.io/fairlead',
    reportingInstance: how.instance.slice(0, 128),
    action: 'Sync',
    reason: event.reason,
    regarding: { apiVersion, kind, namespace, name, uid },
    note: event.note,
    type: event.type,
  };
}

/** Kubernetes' MicroTime: `2026-01-02T03:04:05.678000Z`. */
export function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
