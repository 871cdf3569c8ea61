import type { BigipObject, Kind, ObjectOf } from '../../../ir/objects.ts';
import type { FieldsOf } from '../forms/compound.ts';
import type { Names } from '../forms/form.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Defaults } from '../../values/defaults.ts';

/** Fields that documents do not have: Fairlead keeps them itself. `path` is the document's `name`. */
type OwnFields = 'kind' | 'path' | 'mark' | 'nodeLedger' | 'origin';

/** What is known where a document is silent. */
export interface Given extends Names {
  /** The profiles of virtual servers. */
  readonly profiles: Defaults['profiles'];
}

/** How objects of a kind stand in documents. A field that the kind has and this lacks does not compile. */
export interface KindForm<K extends Kind> {
  /** What stands in `kind` of a document. */
  readonly title: string;
  /** Fields that the device has no place for are left out of documents, whatever stands here. */
  readonly fields: FieldsOf<Omit<ObjectOf<K>, OwnFields>>;
  /** What the name of an object says where its document does not. */
  readonly byName?: {
    /** The fields that may be left out for it. */
    readonly fields: readonly (keyof ObjectOf<K>)[];
    /** Undefined: this name says nothing. */
    readonly read: (path: FullPath) => Partial<ObjectOf<K>> | undefined;
  };
  /** Fills in what may be left out although the object must have it. */
  readonly complete?: (object: ObjectOf<K>, given: Given) => ObjectOf<K>;
  /** Leaves out what `complete` would fill in. */
  readonly abridge?: (object: ObjectOf<K>, names: Names) => Partial<ObjectOf<K>>;
  /**
   * What the object needs and a document need not be written for: it is given along, unless there is a document of its own.
   */
  readonly brings?: (object: ObjectOf<K>) => readonly BigipObject[];
  /** It is the partition of the target: its path is its name alone. */
  readonly isHome?: true;
  /** Its checksum is that of a content: documents name a file with it instead. */
  readonly content?: Content;
}

/** What a file must hold. */
export interface Content {
  /** Ends messages about files that hold something else. */
  readonly expected: string;
  readonly isGood: (bytes: Buffer) => boolean;
}
