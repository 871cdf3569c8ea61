import type { Snapshot } from './snapshot.ts';
import type { Mark } from '../ir/mark.ts';
import type { BigipObject } from '../ir/objects.ts';
import { descriptorOf } from '../ir/objects.ts';

/**
 * The mark of an object, or of the one that carries it for this one: a file is whose profile it is, an item of a marked
 * object is whose that is, and says itself who gave it where several do. Undefined: nobody's.
 */
export function markOf(object: BigipObject, snapshot: Snapshot): Mark | undefined {
  const { companion, within } = descriptorOf(object.kind);
  if (companion !== undefined) return snapshot.get(companion(object))?.object.mark;
  if (object.mark !== undefined || within === undefined) return object.mark;
  const mark = snapshot.get(within(object.path))?.object.mark;
  const giver = 'origin' in object ? object.origin : undefined;
  return mark === undefined || giver === undefined ? mark : { ...mark, origins: [giver] };
}
