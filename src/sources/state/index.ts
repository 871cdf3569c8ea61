import type { Source } from '../source.ts';
import type { StateOptions } from './options.ts';
import { StateReader } from './state-reader.ts';
import { PolledSource } from '../polled-source.ts';

export { broughtBy, printDocument } from './document.ts';

/** Files with the objects of a device as a source: what stands there is what is wanted. Opens nothing until it is first read. */
export function createStateSource(options: StateOptions): Source {
  return new PolledSource(options.source, new StateReader(options));
}
