import { expect, it } from 'vitest';
import type { SslKey } from '../../../ir/ssl-file.ts';
import { descriptors } from '../../../ir/objects.ts';
import { refOf } from '../../../ir/ref.ts';
import { MemorySnapshot } from '../../../plan/memory-snapshot.ts';
import type { RestRequest } from '../request.ts';
import { compileUnit } from './compile-unit.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };

function key(path: string, checksum = 'SHA1:1:a'): SslKey {
  return { kind: 'ssl-key', path, checksum };
}

function requestsOf(before: SslKey | undefined, after: SslKey): readonly RestRequest[] {
  const about = { ref: refOf('ssl-key', after.path), after, origins: [] };
  const change =
    before === undefined
      ? ({ op: 'create', ...about } as const)
      : ({
          op: 'update',
          before,
          fields: [{ field: 'checksum', from: before.checksum, to: after.checksum }],
          ...about,
        } as const);
  return compileUnit({ id: about.ref, wave: 0, changes: [change], origins: [] }, new MemorySnapshot(), context);
}

it('a new content is put in place by a PUT of the same source, and no request of one that is the same', () => {
  const [request] = requestsOf(key('/k/web.key'), key('/k/web.key', 'SHA1:1:b'));
  expect(request).toMatchObject({
    method: 'PUT',
    path: '/mgmt/tm/sys/file/ssl-key/~k~web.key',
    body: { sourcePath: 'file:/var/config/rest/downloads/fairlead~k~web.key' },
    upload: { name: 'fairlead~k~web.key', checksum: 'SHA1:1:b' },
  });
  expect(requestsOf(key('/k/web.key'), key('/k/web.key'))).toEqual([]);
});

it('a file is deleted by one request, and nothing is uploaded', () => {
  const before = key('/k/web.key');
  const ref = refOf('ssl-key', before.path);
  const unit = { id: ref, wave: 0, changes: [{ op: 'delete', ref, before, origins: [] }], origins: [] } as const;
  const [request, ...others] = compileUnit(unit, new MemorySnapshot(), context);
  expect(request).toMatchObject({ method: 'DELETE', path: '/mgmt/tm/sys/file/ssl-key/~k~web.key' });
  expect(request).not.toHaveProperty('upload');
  expect(others).toEqual([]);
});

it('each object has a name of its own among the uploads, whatever is in its path', () => {
  const paths = ['/k/a/b.key', '/k/a_b.key', '/k/a~b.key', '/k/a b.key', '/k/a@20@b.key', '/k/a:b.key', '/k/é.key'];
  const names = paths.map((path) => requestsOf(undefined, key(path))[0]?.upload?.name ?? '');
  expect(new Set(names).size).toBe(paths.length);
  for (const name of names) expect(name).toMatch(/^[\w.~@-]+$/);
});

it('a file belongs to the profile of its name', () => {
  const { 'ssl-cert': cert, 'ssl-key': own } = descriptors;
  expect(own.companion?.(key('/k/web.key'))).toBe('client-ssl:/k/web');
  const owner = (path: string): string | undefined => cert.companion?.({ kind: 'ssl-cert', path, checksum: '' });
  expect(owner('/k/web.crt')).toBe('client-ssl:/k/web');
  expect(owner('/k/web.chain.crt')).toBe('client-ssl:/k/web');
  expect(owner('/k/web.ca.crt')).toBe('server-ssl:/k/web');
});
