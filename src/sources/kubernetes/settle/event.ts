import { createHash } from 'node:crypto';

import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ServiceRecord } from '../model.ts';

/** What a person shall read with `kubectl describe service`. */
export interface ServiceEvent {
  readonly service: Pick<ServiceRecord, 'namespace' | 'name' | 'uid'>;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, at most 128 characters. */
  readonly reason: string;
  readonly note: string;
}

/** The API's limit on a note, bytes. */
const NOTE_BYTES = 1024;

/** A diagnostic as an Event: `address-conflict` becomes the reason `AddressConflict`. */
export function eventOf(service: ServiceEvent['service'], diagnostic: Diagnostic): ServiceEvent {
  const words = diagnostic.code.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const reason = words
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('')
    .slice(0, 128);
  const text = diagnostic.detail === undefined ? diagnostic.summary : `${diagnostic.summary}\n${diagnostic.detail}`;
  const type = diagnostic.severity === 'info' ? 'Normal' : 'Warning';
  return { service, type, reason: reason || 'Problem', note: cutBytes(text, NOTE_BYTES) };
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
export function eventName({ service, reason, note }: ServiceEvent): string {
  const hash = createHash('sha256').update([service.uid, reason, note].join('\n')).digest('hex').slice(0, 16);
  return `${service.name}.${hash}`;
}

/** The object to create (events.k8s.io/v1). */
export function eventBody(event: ServiceEvent, how: { readonly instance: string; readonly time: Date }): object {
  const { namespace, name, uid } = event.service;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace, name: eventName(event) },
    eventTime: microTime(how.time),
    reportingController: 'fairlead.io/fairlead',
    reportingInstance: how.instance.slice(0, 128),
    action: 'Sync',
    reason: event.reason,
    regarding: { apiVersion: 'v1', kind: 'Service', namespace, name, uid },
    note: event.note,
    type: event.type,
  };
}

/** Kubernetes' MicroTime: `2026-01-02T03:04:05.678000Z`. */
export function microTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
