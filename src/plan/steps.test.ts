import { expect, it } from 'vitest';
import type { Change } from './plan.ts';
import type { Steps } from './steps.ts';
import { refOf } from '../ir/ref.ts';
import { atOnce, mapInSteps } from './steps.ts';
import { groupUnits } from './units.ts';

/** How often others get their turn, and what comes of it. */
function driven<T>(steps: Steps<T>): { readonly turns: number; readonly value: T } {
  for (let turns = 0; ; turns += 1) {
    const { done, value } = steps.next();
    if (done === true) return { turns, value };
  }
}

function create(name: string, origin: string): Change {
  const after = { kind: 'pool', path: `/k/${name}` } as const;
  return { op: 'create', ref: refOf('pool', after.path), after, origins: [origin] };
}

it('a list is gone through in order, with a turn for others now and then', () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);
  const { turns, value } = driven(mapInSteps(items, (item) => 2 * item));
  expect(value).toEqual(items.map((item) => 2 * item));
  expect(turns).toBe(7);
  expect(driven(mapInSteps([], String)).turns).toBe(0);
});

it('grouping many changes leaves turns to others in proportion to them, and gives the same as at once', () => {
  const changes = (count: number): readonly Change[] =>
    Array.from({ length: count }, (_, index) => create(`p${index}`, `east:Service/default/s${index >> 1}`));
  const { turns: few } = driven(groupUnits(changes(10)));
  const { turns: many, value } = driven(groupUnits(changes(2560)));
  // Four passes over all: what hangs together, who makes what, who needs it, the units.
  expect(many - few).toBe(4 * (2560 / 128));
  expect(value).toEqual(atOnce(groupUnits(changes(2560))));
});
