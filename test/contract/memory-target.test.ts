import { createMemoryTarget } from '../../src/targets/memory/index.ts';
import { create, unit } from './target-units.ts';
import { testTarget } from './target.ts';

testTarget('memory', async () => {
  const target = createMemoryTarget({ partition: 'contract' });
  return {
    target,
    partition: 'contract',
    vlan: '/Common/vlan',
    routeDomain: 2,
    plant: async (actual) => {
      target.device.apply(unit(create(actual.object)));
      target.device.put(actual);
    },
    raw: async (ref) => {
      const actual = target.device.get(ref);
      return actual === undefined ? undefined : JSON.stringify(actual);
    },
    close: async () => target.close(),
  };
});
