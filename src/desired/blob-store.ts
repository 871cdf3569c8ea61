import type { BlobStore, Checksum } from '../ir/blob.ts';
import { createHash } from 'node:crypto';

/** Room for ten thousand certificates with their keys, many times over. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The checksum of a content. */
export function checksumOf(content: Uint8Array): Checksum {
  return `SHA1:${content.length}:${createHash('sha1').update(content).digest('hex')}`;
}

/** Keeps contents in memory; beyond `most` bytes the one that was longest not asked for goes first. */
export function createBlobStore(most = MOST_BYTES): BlobStore {
  const contents = new Map<Checksum, Uint8Array>();
  let bytes = 0;
  /** A map keeps the order in which things were put: what is used goes to its end. */
  const touch = (checksum: Checksum, content: Uint8Array): void => {
    contents.delete(checksum);
    contents.set(checksum, content);
  };
  return {
    put(content) {
      const checksum = checksumOf(content);
      if (!contents.has(checksum)) bytes += content.length;
      touch(checksum, content);
      for (const [oldest, { length }] of contents) {
        if (bytes <= most || oldest === checksum) break;
        contents.delete(oldest);
        bytes -= length;
      }
      return checksum;
    },
    get(checksum) {
      const content = contents.get(checksum);
      if (content !== undefined) touch(checksum, content);
      return content;
    },
  };
}
