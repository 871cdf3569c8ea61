import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 that memory is worth more than time: collect early, keep the young generation small. For runs that stay: left
 * alone, V8 lets the heap grow to several times what is in use while a large cluster is read for the first time, and
 * never gives it back. Affects the whole process. Both flags are read at each collection, so that a running process may
 * set them.
 */
export function saveMemory(): void {
  // V8 complains of flags that it does not know; these are of V8 13, as in Node 24.
  if (Number.parseInt(process.versions.v8, 10) < 13) return;
  setFlagsFromString('--memory-saver-mode');
  // Percent that the heap may grow between two full collections.
  setFlagsFromString('--heap-growing-percent=10');
}
