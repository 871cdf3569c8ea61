/**
 * A long computation in steps: whoever drives it may let others have their turn in between. It stays pure, and gives the
 * same however it is driven.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** So many items make a step: some milliseconds of work. */
const STEP = 128;

/** Drives a computation to its end without a break. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Goes through a list in steps. */
export function* eachInSteps<T>(items: Iterable<T>, act: (item: T) => void): Steps<void> {
  let count = 0;
  for (const item of items) {
    act(item);
    count += 1;
    if (count % STEP === 0) yield;
  }
}

/** What a function makes of each item of a list, in steps. */
export function* mapInSteps<T, R>(items: Iterable<T>, make: (item: T) => R): Steps<R[]> {
  const made: R[] = [];
  yield* eachInSteps(items, (item) => made.push(make(item)));
  return made;
}
