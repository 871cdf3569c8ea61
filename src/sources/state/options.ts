import type { Checksum } from '../../ir/blob.ts';
import type { DocumentOptions } from './document.ts';

/** What a source of the desired state is made with. */
export interface StateOptions extends DocumentOptions {
  /** The source's name: it starts every cell and origin. No colon. */
  readonly source: string;
  /** Files, or patterns of them (`*.yaml`). */
  readonly paths: readonly string[];
  /** A file without an object is meant so. Otherwise it is taken for a mistake, and nothing is deleted. */
  readonly allowEmpty: boolean;
  /** Keeps the content of certificate and key files, and gives what names it. */
  readonly keepBytes: (bytes: Uint8Array) => Checksum;
  /** A file is read when it has been left alone for so long; default 100 ms. */
  readonly quietMs?: number;
  /** Files are looked at this often where no notification comes; default 5 s. */
  readonly pollMs?: number;
}
