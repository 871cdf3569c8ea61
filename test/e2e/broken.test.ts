import { expect, it } from 'vitest';
import { type Bed, makeBed, until } from '../support/e2e.ts';
import { service, slice } from '../support/e2e-manifests.ts';

const BROKEN = { 'fairlead.io/rules': '/Common/no-such-rule' };
const WORDS = 'The requested iRule (/Common/no-such-rule) was not found.';

/** Fifty Services; number 25 comes with these annotations. */
async function fifty(bed: Bed, annotations: Readonly<Record<string, string>> = {}): Promise<void> {
  for (let number = 0; number < 50; number += 1) {
    const name = `s${number}`;
    const more = number === 25 ? { annotations } : {};
    await bed.put(
      name,
      service(name, { address: `10.1.10.${number + 1}`, ...more }),
      slice(name, [`10.0.0.${number + 1}`]),
    );
  }
}

function virtuals(bed: Bed): readonly string[] {
  return [...bed.state().keys()].filter((key) => key.startsWith('ltm/virtual ')).map((key) => key.slice(13));
}

/** The objects of Service number 25. */
function ofBroken(bed: Bed): ReadonlyMap<string, string> {
  return new Map([...bed.state()].filter(([key]) => /s25_|10\.1\.10\.26|10\.0\.0\.26/.test(key)));
}

it('one broken Service among 50, from the start: 49 work, and it is told in the device’s own words', async () => {
  const bed = await makeBed();
  await fifty(bed, BROKEN);
  const { code, out } = await bed.cli('apply', '--yes');
  expect(code).toBe(1);
  expect(out).toContain(WORDS);
  expect(out).toContain('from Service shop/s25 (lab)');
  expect(virtuals(bed)).toHaveLength(49);
  expect(ofBroken(bed)).toEqual(new Map());
  await fifty(bed);
  bed.emulator.log.clear();
  await bed.apply();
  expect(virtuals(bed)).toHaveLength(50);
  // The other 49 are not written again.
  const others = bed.emulator.log.writes().filter(({ body }) => /s(?!25_)\d+_http/.test(JSON.stringify(body) ?? ''));
  expect(others).toEqual([]);
});

it('a Service that breaks keeps its old state, its pods are followed all the same, and repaired it works', async () => {
  const bed = await makeBed();
  await fifty(bed);
  const running = await bed.run().started();
  const good = ofBroken(bed);
  await bed.put('s25', service('s25', { address: '10.1.10.26', annotations: BROKEN }), slice('s25', ['10.0.0.26']));
  await bed.put('s3', service('s3', { address: '10.1.10.4' }), slice('s3', ['10.0.0.4', '10.0.9.4']));
  await until('the other change is there', () => bed.state().has('ltm/node  /k/10.0.9.4'));
  await until('it is told', () => bed.printed.includes(WORDS) || running.io.out().includes(WORDS));
  expect(ofBroken(bed)).toEqual(good);
  await bed.put(
    's25',
    service('s25', { address: '10.1.10.26', annotations: BROKEN }),
    slice('s25', ['10.0.0.26', '10.0.9.26']),
  );
  await until('its new pod is there', () => bed.state().has('ltm/node  /k/10.0.9.26'));
  bed.emulator.log.clear();
  await bed.put(
    's25',
    service('s25', { address: '10.1.10.26', annotations: { 'fairlead.io/connection-limit': '7' } }),
    slice('s25', ['10.0.0.26', '10.0.9.26']),
  );
  await until('it is repaired', () => JSON.stringify([...ofBroken(bed).values()]).includes('"connectionLimit\\":7'));
  await running.stop();
  const changes = bed.writes().filter((change) => !change.endsWith('/sys/config'));
  expect(changes).toEqual(['PATCH /mgmt/tm/ltm/virtual/~k~shop_s25_http']);
});

it('a Service that the device refuses is not sent again and again: only when it changes, and at the drift interval', async () => {
  const bed = await makeBed({ more: 'run: { settle: 5ms, idle: 10ms, driftInterval: 1h }' });
  await bed.put('bad', service('bad', { address: '10.1.10.1', annotations: BROKEN }), slice('bad', ['10.0.0.1']));
  await bed.put('good', service('good', { address: '10.1.10.2' }), slice('good', ['10.0.0.2']));
  const running = await bed.run().started();
  await until('it is saved', () => bed.writes().includes('POST /mgmt/tm/sys/config'));
  bed.emulator.log.clear();
  for (const last of [3, 4, 5]) {
    const before = running.cycles('change').length;
    await bed.put('good', service('good', { address: '10.1.10.2' }), slice('good', ['10.0.0.2', `10.0.0.${last}`]));
    await until('it is followed', () => running.cycles('change').length > before);
  }
  await running.stop();
  expect(bed.writes().filter((change) => change.includes('virtual'))).toEqual([]);
  expect(JSON.stringify(bed.emulator.log.entries())).not.toContain('shop_bad');
});

it('nonsense in one manifest: the others go on, and what it owns stays, also across a restart', async () => {
  const bed = await makeBed();
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    await bed.put(name, service(name, { address: `10.1.10.${index + 1}` }), slice(name, [`10.0.0.${index + 1}`]));
  }
  await bed.apply();
  const before = bed.state();
  for (const text of [
    'kind: [unclosed',
    '{"kind":"Service"',
    'apiVersion: v1\nkind: Service\nmetadata: 7\n',
    '\0\0\xff',
    '',
    '- 1',
  ]) {
    await bed.write('b', text);
    await bed.cli('apply', '--yes', '--allow-deletes');
    expect([text, bed.state()]).toEqual([text, before]);
  }
  await bed.put('c', service('c', { address: '10.1.10.3' }), slice('c', ['10.0.0.33']));
  await bed.cli('apply', '--yes');
  expect(bed.state().has('ltm/node  /k/10.0.0.33')).toBe(true);
  expect(bed.state().has('ltm/virtual  /k/shop_b_http')).toBe(true);
});

it.each([
  ['an address that is none', { 'fairlead.io/address': '10.1.10.999' }],
  ['an unknown word', { 'fairlead.io/snat': 'perhaps' }],
  ['a number that is none', { 'fairlead.io/connection-limit': '-1' }],
  [
    'a monitor with a timeout below its interval',
    { 'fairlead.io/monitor-interval': '9', 'fairlead.io/monitor-timeout': '3' },
  ],
])(
  'a frozen Service (%s) keeps its objects, also across a restart, and its neighbours change',
  async (_, annotations) => {
    const bed = await makeBed();
    await bed.put('web', service('web', { address: '10.1.10.1' }), slice('web', ['10.0.0.1']));
    await bed.put('api', service('api', { address: '10.1.10.2' }), slice('api', ['10.0.0.2']));
    await bed.apply();
    const before = [...bed.state()].filter(([key]) => /shop_web|10\.1\.10\.1$|10\.0\.0\.1/.test(key));
    await bed.put('web', service('web', { address: '10.1.10.1', annotations }), slice('web', ['10.0.0.1']));
    await bed.put('api', service('api', { address: '10.1.10.3' }), slice('api', ['10.0.0.2']));
    // Each is a start of its own, with nothing remembered.
    for (let start = 0; start < 2; start += 1) {
      const { out, err } = await bed.cli('apply', '--yes', '--allow-deletes');
      expect(out + err).toContain('Service shop/web');
      expect([...bed.state()].filter(([key]) => /shop_web|10\.1\.10\.1$|10\.0\.0\.1/.test(key))).toEqual(before);
    }
    expect(bed.state().get('ltm/virtual  /k/shop_api_http')).toContain('10.1.10.3');
  },
);
