/** Names a content as the device prints it: `SHA1:<bytes>:<hex>` (facts 8.11). */
export type Checksum = string;

/**
 * Contents of files (certificates, keys) by checksum. Objects name the checksum alone, so that no key stands in a plan, a
 * log, an error or a report; whoever writes the file asks here for the bytes.
 */
export interface BlobStore {
  /** Keeps a content, and gives what names it. The same content is kept once. */
  put(content: Uint8Array): Checksum;
  /** Undefined: never put, or forgotten for lack of room. */
  get(checksum: Checksum): Uint8Array | undefined;
}
