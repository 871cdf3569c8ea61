import type { BigipObject } from '../../../ir/objects.ts';
import type { SslCert, SslKey } from '../../../ir/ssl-file.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Change } from '../../../plan/plan.ts';
import type { Json, RestRequest } from '../request.ts';
import type { Codec } from './codec.ts';
import { refOf } from '../../../ir/ref.ts';
import { collectionPath, identityOf, objectPath } from '../names.ts';

/** Where the device puts what is uploaded (facts 5.3). */
const DOWNLOADS = '/var/config/rest/downloads';

type SslFile = SslCert | SslKey;

/**
 * `sys file ssl-cert`, `sys file ssl-key`: the content is uploaded, then the object is pointed at it. A PUT of the same takes
 * a new content in place (facts 8.11, as f5-sdk and ansible do): profiles that use the file have the old or the new one.
 */
function fileCodec<T extends SslFile>(): Codec<T> {
  const properties = { checksum: sourceOf, description: unwritten, mark: unwritten };
  return { properties: properties as unknown as Codec<T>['properties'], requests };
}

export const sslCertCodec: Codec<SslCert> = fileCodec<SslCert>();
export const sslKeyCodec: Codec<SslKey> = fileCodec<SslKey>();

function requests(change: Change): readonly RestRequest[] | undefined {
  if (change.op === 'delete') return undefined;
  const after = change.after as BigipObject & SslFile;
  if (change.op === 'update' && (change.before as SslFile).checksum === after.checksum) return [];
  const { kind, path, checksum } = after;
  const body = { ...identityOf(path), ...sourceOf(after), ...unwritten() };
  const place = change.op === 'create' ? collectionPath(kind) : objectPath(after);
  const method = change.op === 'create' ? 'POST' : 'PUT';
  return [{ method, path: place, body, ref: refOf(kind, path), upload: { name: uploadName(path), checksum } }];
}

function sourceOf({ path }: SslFile): Json {
  return { sourcePath: `file:${DOWNLOADS}/${uploadName(path)}` };
}

/** The device has no place for a description or a mark. */
function unwritten(): Json {
  return {};
}

/**
 * The same for the same object each time, so that what a crash left behind is overwritten; another for each object:
 * `fairlead~k~web.key`. What had better not stand in a file's name is written as its number.
 */
function uploadName(path: FullPath): string {
  const escaped = path.replaceAll(/[^\w./-]/g, (char) => `@${char.charCodeAt(0).toString(16)}@`);
  return `fairlead${escaped.replaceAll('/', '~')}`;
}
