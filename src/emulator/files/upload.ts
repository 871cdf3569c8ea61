import { restjavadError } from '../errors/restjavad.ts';
import { header, type AuthenticatedRequest, type Reply } from '../http/exchange.ts';
import type { Clock } from '../session/device.ts';
import { downloads, type FileStore } from './file-store.ts';

const prefix = '/mgmt/shared/file-transfer/uploads/';
const rangePattern = /^(?:bytes\s+)?(\d{1,12})-(\d{1,12})\/(\d{1,12})$/v;

/** Whether a path is that of an upload: its body is no JSON, and may hold a key. */
export function isUpload(path: string): boolean {
  return path.startsWith(prefix);
}

function refuse(message: string): Error {
  return restjavadError(400, message, { errorStack: [] });
}

function nameIn(path: string): string {
  let name = '';
  try {
    name = decodeURIComponent(path.slice(prefix.length));
  } catch {
    // Not a name: refused below.
  }
  if (!/^[\w .:\-~%@+]+$/v.test(name) || name === '.' || name === '..') {
    throw refuse(`Invalid file name "${name}"`);
  }
  return name;
}

function rangeIn(request: AuthenticatedRequest, length: number): { readonly start: number; readonly total: number } {
  const text = header(request, 'content-range');
  const match = rangePattern.exec(text ?? '');
  if (match === null) {
    throw refuse(text === undefined ? 'Content-Range header is missing' : `Invalid Content-Range header "${text}"`);
  }
  const [start = 0, end = 0, total = 0] = match.slice(1).map(Number);
  if (end >= total || end - start + 1 !== length) {
    throw refuse(`Content-Range "${match[0]}" does not match the ${length} bytes of the body`);
  }
  return { start, total };
}

/** `POST /mgmt/shared/file-transfer/uploads/<name>`: one chunk of a file (fact sheet 5.3; texts of errors are K). */
export function upload(
  request: AuthenticatedRequest,
  context: { readonly files: FileStore; readonly clock: Clock },
): Reply {
  const { files, clock } = context;
  const { bytes = Buffer.from(request.body), method, path } = request;
  if (method !== 'POST') {
    throw restjavadError(405, `Method ${method} is not allowed on ${path}`);
  }
  const name = nameIn(path);
  const { start, total } = rangeIn(request, bytes.length);
  if (!files.hasRoomFor(bytes.length)) {
    throw restjavadError(507, 'No space left on device', { errorStack: [] });
  }
  const progress = files.addChunk(`${downloads}/${name}`, { start, total, content: bytes });
  return {
    status: 200,
    body: {
      remainingByteCount: progress.remaining,
      usedChunks: Object.fromEntries(progress.chunks),
      totalByteCount: progress.total,
      localFilePath: `${downloads}/${name}`,
      temporaryFilePath: `${downloads}/tmp/${name}`,
      generation: 0,
      lastUpdateMicros: clock.now() * 1000,
    },
  };
}
