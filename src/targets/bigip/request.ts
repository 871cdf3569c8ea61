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
