import type { BigipObject, Kind, ObjectOf } from '../../../ir/objects.ts';
import type { FieldsOf } from '../forms/compound.ts';
import type { Names } from '../forms/form.ts';

/** Fields that documents do not have: Fairlead keeps them itself. `path` is the document's `name`. */
type OwnFields = 'kind' | 'path' | 'mark' | 'nodeLedger' | 'origin';

/** How objects of a kind stand in documents. A field that the kind has and this lacks does not compile. */
export interface KindForm<K extends Kind> {
  /** What stands in `kind` of a document. */
  readonly title: string;
  /** Fields that the device has no place for are left out of documents, whatever stands here. */
  readonly fields: FieldsOf<Omit<ObjectOf<K>, OwnFields>>;
  /** Fills in what may be left out although the object must have it. */
  readonly complete?: (object: ObjectOf<K>, names: Names) => ObjectOf<K>;
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
