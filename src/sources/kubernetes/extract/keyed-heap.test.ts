import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedHeap } from './keyed-heap.ts';

describe('KeyedHeap', () => {
  it('has the least item first, whatever was added, replaced and taken back', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.option(fc.nat({ max: 100 }))), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const heap = new KeyedHeap<number>((a, b) => a - b);
        const model = new Map<string, number>();
        for (const [key, item] of all) {
          if (item === null) {
            heap.delete(String(key));
            model.delete(String(key));
          } else {
            heap.add(String(key), item);
            model.set(String(key), item);
          }
          expect(heap.first()).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
          expect(heap.size).toBe(model.size);
        }
      }),
    );
  });
});
