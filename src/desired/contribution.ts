import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Address } from '../ir/address.ts';
import type { Network } from '../ir/network.ts';
import type { BigipObject } from '../ir/objects.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';

/**
 * Names one unit of extraction: an origin, or a part of one that changes on its own (the backend of one Service
 * port). Unique over all sources: it starts with the source's name and a colon.
 */
export type CellKey = string;

/** A network that the device has to find a way to by itself, by a routing protocol: nothing is written for it. */
export interface Reach {
  readonly network: Network;
  /** Where it is, as far as is known. */
  readonly gateway?: Address;
}

/**
 * What one cell contributes. A cell is what succeeds, fails and freezes alone: a refused virtual server does not
 * keep its pool from following the pods.
 */
export interface Contribution {
  readonly cell: CellKey;
  /** The thing that a person wrote; several cells may share it. */
  readonly origin: OriginKey;
  /** The precedence of the source, as configured: in a conflict the highest wins. Left out: 0. */
  readonly rank?: number;
  /** When the origin was created, RFC 3339: of one rank the oldest wins, ties go by origin key. */
  readonly since: string;
  /** Whole objects without marks: the merge adds them. Empty: the cell wants nothing on the device. */
  readonly objects: readonly BigipObject[];
  /**
   * Objects among them that the cell gives together with others: items of lists that a descriptor calls `parts` are put
   * together, other fields are the first one's that sets them. Only claims that all join are put together so; else the
   * first has the whole object.
   */
  readonly joins?: readonly Ref[];
  /**
   * Fields of the objects in `joins` that nobody asked for, or a list and the purpose of an item of it (`profiles tcp`): they are
   * defaults, and yield without a word to whoever sets them.
   */
  readonly yields?: readonly string[];
  /**
   * What objects of this cell need and other cells of the source give, or will give once they can be understood. A part
   * that needs one of these waits for it, also if nobody has ever been able to give it.
   */
  readonly expects?: readonly Ref[];
  /**
   * Something that may be about objects of this cell cannot be read: what the device has of them stays where the cell says
   * nothing. That is items of lists that are put together, fields that are left out, and the fields named here, which are
   * only defaults. Left out: all that there is to say was read.
   */
  readonly keeps?: readonly string[];
  /** Networks that the device is to have learned a route to; looked after, never written. */
  readonly reaches?: readonly Reach[];
  /**
   * The cell could not be understood: it gives nothing, and whatever on the device carries its origin's mark
   * stays as it is.
   */
  readonly frozen?: true;
  /** What is wrong with the cell, for its owner. */
  readonly diagnostics: readonly Diagnostic[];
}
