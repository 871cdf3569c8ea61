import { expect, it } from 'vitest';
import type { BigipObject } from '../../../ir/objects.ts';
import type { RestRequest } from '../request.ts';
import { refOf } from '../../../ir/ref.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import { compileUnit } from './compile-unit.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };

/** The requests of an update that names these fields. */
function updated(before: BigipObject, after: BigipObject, ...names: readonly string[]): readonly RestRequest[] {
  const ref = refOf(after.kind, after.path);
  const fields = names.map((field) => ({ field, from: undefined, to: undefined }));
  const change = { op: 'update', ref, before, after, fields, origins: [] } as const;
  return compileUnit({ id: ref, wave: 0, changes: [change], origins: [] }, new MemorySnapshot(), context);
}

it('what differs by version is sent only where it is asked for', () => {
  const cookie: BigipObject = { kind: 'persistence-cookie', path: '/k/c' };
  expect(updated({ ...cookie, httpOnly: true, secure: true }, cookie, 'httpOnly', 'secure')).toEqual([]);
  const [request] = updated(cookie, { ...cookie, httpOnly: false, secure: true }, 'httpOnly', 'secure');
  expect(request?.body).toEqual({ httponly: 'disabled', secure: 'enabled' });
  const server: BigipObject = { kind: 'server-ssl', path: '/k/s' };
  expect(updated({ ...server, options: ['no-tlsv1'] }, server, 'options')).toEqual([]);
});

it('what is no longer asked for goes back to what the device has without it', () => {
  const http: BigipObject = { kind: 'http-profile', path: '/k/h' };
  const [request] = updated(
    { ...http, insertXForwardedFor: true },
    http,
    'insertXForwardedFor',
    'hsts',
    'headerInsert',
  );
  expect(request?.body).toEqual({
    insertXforwardedFor: 'disabled',
    hsts: { mode: 'disabled' },
    headerInsert: 'none',
  });
});
