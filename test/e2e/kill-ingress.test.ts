import { expect, it, vi } from 'vitest';
import { type Bed, makeBed } from '../support/e2e.ts';
import { INGRESS_CLASS, ingress, service, slice } from '../support/e2e-manifests.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 240_000 });

const CLUSTER_IP = { spec: { type: 'ClusterIP', loadBalancerClass: undefined } };

/** An Ingress with two rules. */
async function first(bed: Bed): Promise<void> {
  await bed.put('class', INGRESS_CLASS);
  await bed.put('web', service('web', CLUSTER_IP), slice('web', ['10.0.0.1']));
  await bed.put('api', service('api', CLUSTER_IP), slice('api', ['10.0.0.2']));
  await bed.put('shop', ingress('shop', { 'shop.example.com/': 'web', 'shop.example.com/api': 'api' }));
}

/** The same with a host that is a wildcard, and an Ingress of rules without a host: these stand in the iRule, too. */
async function wildcard(bed: Bed): Promise<void> {
  await first(bed);
  const routes = { 'shop.example.com/': 'web', '*.example.com/': 'api', '*.example.com/web': 'web' };
  await bed.put('shop', ingress('shop', routes), ingress('any', { '/any': 'web' }));
}

/** A rule less, one that changes, two more, one of them for a Service that is new. */
async function then(bed: Bed): Promise<void> {
  await bed.put('cart', service('cart', CLUSTER_IP), slice('cart', ['10.0.0.3']));
  const routes = { 'shop.example.com/': 'api', 'shop.example.com/cart': 'cart', 'other.example.com/': 'web' };
  await bed.put('shop', ingress('shop', routes));
}

async function undisturbed(changes: Changes): Promise<ReadonlyMap<string, string>> {
  const bed = await makeBed();
  for (const change of changes) {
    await change(bed);
    bed.gate.reset();
    await bed.apply('--allow-deletes');
  }
  return bed.state();
}

async function expectSilence(bed: Bed): Promise<void> {
  bed.emulator.log.clear();
  const { out } = await bed.apply('--allow-deletes');
  expect(bed.writes()).toEqual([]);
  expect(out).toContain('Nothing to do');
}

/** Two states of an Ingress; all goes back and forth between them. */
type Changes = readonly [before: (bed: Bed) => Promise<void>, after: (bed: Bed) => Promise<void>];

const CASES: readonly (readonly [string, ...Changes])[] = [
  ['rules that come, go and change', first, then],
  ['a wildcard that comes and goes, with the iRule', first, wildcard],
];

it.each(CASES)(
  'AC-12 AC-17 kill -9 at each request that changes an Ingress, and started again: converges, and no draft is left: %s',
  async (_, before, after) => {
    const state = await undisturbed([before, after]);
    const bed = await makeBed();
    await before(bed);
    await bed.apply('--allow-deletes');
    let deaths = 0;
    for (let write = 1, lived = false; !lived; write += 1) {
      await (write % 2 === 1 ? after(bed) : before(bed));
      bed.gate.reset();
      bed.gate.rule = (request) => (request.write === write ? 'hold-after' : 'pass');
      const held = bed.gate.nextHeld();
      const child = bed.spawn('apply', '--yes', '--allow-deletes');
      const gone = new Promise<'gone'>((resolve) => child.once('exit', () => resolve('gone')));
      lived = (await Promise.race([held, gone])) === 'gone';
      child.kill('SIGKILL');
      await gone;
      bed.gate.drop();
      bed.gate.reset();
      if (!lived) deaths += 1;
      expect(draftsOf(bed)).toEqual([]);
      await bed.apply('--allow-deletes');
    }
    // The transaction, the draft, a rule less, a rule more, the publishing, the commit, and what else there is.
    expect(deaths).toBeGreaterThan(8);
    await after(bed);
    await bed.apply('--allow-deletes');
    expect(bed.state()).toEqual(state);
    await expectSilence(bed);
  },
);

function draftsOf(bed: Bed): readonly string[] {
  return [...bed.state().keys()].filter((key) => key.includes('/Drafts/'));
}

it('a draft that a person begins of our policy is removed, with a change that needs its name and without', async () => {
  const bed = await makeBed();
  await first(bed);
  await bed.apply();
  const policy = [...bed.state().keys()].find((key) => key.startsWith('ltm/policy  /k/')) ?? '';
  const path = policy.replace('ltm/policy  ', '').replaceAll('/', '~');
  const begin = (): Promise<unknown> => bed.rest('PATCH', `/mgmt/tm/ltm/policy/${path}`, { createDraft: true });
  await begin();
  expect(draftsOf(bed)).not.toEqual([]);
  await bed.apply('--allow-deletes');
  expect(draftsOf(bed)).toEqual([]);
  await expectSilence(bed);
  await begin();
  await then(bed);
  await bed.apply('--allow-deletes');
  expect(draftsOf(bed)).toEqual([]);
  await expectSilence(bed);
});
