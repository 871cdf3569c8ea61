import { restjavadError } from '../errors/restjavad.ts';
import { header, type AuthenticatedRequest, type Reply } from '../http/exchange.ts';
import type { FileStore } from './file-store.ts';

const pattern = /^\/mgmt\/shared\/file-transfer\/(?<folder>bulk|madm)\/(?<name>[^\/]+)$/v;
const rangePattern = /^(?:bytes\s+)?(\d{1,12})-(\d{1,12})\/(\d{1,12}|\*)$/v;

/** Whether a path is that of a file that can be fetched: what is in `/var/config/rest/bulk` and `madm` of the device. */
export function isDownload(path: string): boolean {
  return pattern.test(path);
}

/**
 * `GET /mgmt/shared/file-transfer/bulk/<name>`: the part of a file that `Content-Range` names, or all of it. A range that
 * reaches beyond the end is 400, and tells the size all the same, which is how clients learn it (fact sheet 5.3).
 */
export function download(request: AuthenticatedRequest, path: string, files: FileStore): Reply {
  if (request.method !== 'GET') {
    throw restjavadError(405, `Method ${request.method} is not allowed on ${path}`);
  }
  const { folder = '', name = '' } = pattern.exec(path)?.groups ?? {};
  const file = `/var/config/rest/${folder}/${decodeURIComponent(name)}`;
  const content = files.read(file);
  if (content === undefined) {
    throw restjavadError(404, `File not found: ${file}`);
  }
  const range = rangePattern.exec(header(request, 'content-range') ?? '');
  const [start, end] = range === null ? [0, content.length - 1] : [Number(range[1]), Number(range[2])];
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Content-Range': `${start}-${Math.min(end, content.length - 1)}/${content.length}`,
  };
  if (start > end || end >= content.length) {
    return { status: 400, headers, body: `Requested range ${start}-${end} is beyond ${content.length} bytes` };
  }
  return { status: 200, headers, body: content.subarray(start, end + 1) };
}
