import type { Checksum } from '../../ir/blob.ts';
import type { Ref } from '../../ir/ref.ts';

/** A JSON object as sent to and received from iControl REST. */
export type Json = { readonly [name: string]: unknown };

/** One iControl REST call that changes something, before it is sent. */
export interface RestRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/mgmt` on, names encoded: `/mgmt/tm/ltm/pool/~kubernetes~default_web_http/members/~kubernetes~10.0.0.1:80`. */
  readonly path: string;
  readonly body?: Json;
  /** The object that it changes: a refusal is traced to it. */
  readonly ref: Ref;
  /** If it is refused, the unit goes on without it. */
  readonly optional?: true;
  /** What must be on the device before, and is removed again: the file that `sourcePath` names. */
  readonly upload?: Upload;
}

/** A file on its way. Its content is asked for by checksum when it is sent, and stands nowhere else. */
export interface Upload {
  /** Its name among the uploads: `fairlead~kubernetes~web.key`. The next upload of the object overwrites it. */
  readonly name: string;
  readonly checksum: Checksum;
}

/** What decoding and compiling must know of the device. */
export interface DeviceContext {
  /** TMOS version, `[17, 1, 0]`. */
  readonly version: readonly number[];
  /** The partition's default route domain: `%n` of it is left out. */
  readonly defaultRouteDomain: number;
  /** The instance whose marks count as ours is not known here: marks are decoded as they stand. */
  readonly partition: string;
}
