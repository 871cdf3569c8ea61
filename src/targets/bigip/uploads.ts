import type { Refusal } from './blame.ts';
import type { Answer, Channel } from './client/io.ts';
import type { RestRequest, Upload } from './request.ts';
import type { Work } from './work.ts';
import { UnknownOutcome } from './client/errors.ts';
import { judge } from './client/verdict.ts';

/** How bringing the files ended; `lost`: no answer, and nothing was written to any object. */
type Brought =
  | { readonly kind: 'brought' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'lost'; readonly reason: string };

const UPLOADS = '/mgmt/shared/file-transfer/uploads';
/** As f5-sdk does; the device takes 1 MiB (facts 5.3). */
const CHUNK_BYTES = 512 * 1024;
/** What a file is overwritten with, as AS3 does: an upload of nothing is none. */
const NOTHING = new TextEncoder().encode('.');
const TRIES = 3;

/**
 * Brings the files that these requests point at to the device: uploads cannot be part of a transaction (facts 6.3), so
 * they come before it.
 */
export async function bringFiles(work: Work, requests: readonly RestRequest[]): Promise<Brought> {
  for (const request of requests) {
    if (request.upload === undefined) continue;
    const { name, checksum } = request.upload;
    const content = work.settings.blobs?.get(checksum);
    if (content === undefined) {
      const message = `the content with the checksum ${checksum} is not known any more: expected its source to give it again`;
      return { kind: 'refused', refusal: { status: 0, message, request } };
    }
    const answer = await sendFile(work.channel, name, content);
    if (answer instanceof UnknownOutcome) return { kind: 'lost', reason: answer.message };
    if (judge(answer) !== 'ok') {
      return { kind: 'refused', refusal: { status: answer.status, message: answer.message, request } };
    }
  }
  return { kind: 'brought' };
}

/**
 * Overwrites what was brought: the device keeps its own copy, and keys must not lie about. Best effort: what a crash leaves
 * there is overwritten by the next upload of the same object, and the device removes it after a while.
 */
export async function removeFiles(work: Work, requests: readonly RestRequest[]): Promise<void> {
  const uploads = requests.flatMap(({ upload }): readonly Upload[] => (upload === undefined ? [] : [upload]));
  // A channel of its own for each: it lives for a few seconds, and there may be hundreds.
  for (const { name } of uploads) await sendFile(work.cleaner(), name, NOTHING).catch(() => undefined);
}

/** Sends all chunks; from the first again if one gets lost, which does no harm. */
async function sendFile(channel: Channel, name: string, content: Uint8Array): Promise<Answer | UnknownOutcome> {
  let answer: Answer | UnknownOutcome = new UnknownOutcome(`${name} is empty`, { mayStillRun: false });
  for (let time = 0; time < TRIES; time += 1) {
    answer = await sendChunks(channel, name, content);
    if (!(answer instanceof UnknownOutcome)) return answer;
  }
  return answer;
}

async function sendChunks(channel: Channel, name: string, content: Uint8Array): Promise<Answer | UnknownOutcome> {
  let answer: Answer | undefined;
  try {
    for (let start = 0; start < content.length; start += CHUNK_BYTES) {
      const bytes = content.subarray(start, start + CHUNK_BYTES);
      const range = `${start}-${start + bytes.length - 1}/${content.length}`;
      const path = `${UPLOADS}/${encodeURIComponent(name)}`;
      answer = await channel.command({ method: 'POST', path, bytes, headers: { 'Content-Range': range } });
      if (judge(answer) !== 'ok') return answer;
    }
  } catch (error) {
    if (error instanceof UnknownOutcome) return error;
    throw error;
  }
  return answer ?? new UnknownOutcome(`${name} is empty`, { mayStillRun: false });
}
