import { expect, it } from 'vitest';
import type { EndpointRecord } from './model.ts';
import { cut } from './records.ts';
import { RecordStore } from './store.ts';
import { sliceObject } from './testing/objects.ts';

const NOT_READY = { ready: false, serving: false, terminating: false };
const READY = { ready: true, serving: true, terminating: false };
const SERVING = { ready: false, serving: true, terminating: true };
const TERMINATING = { ready: false, serving: false, terminating: true };

/** The endpoint of one pod after its slice went through these conditions. */
function after(...conditions: readonly object[]): EndpointRecord | undefined {
  const store = new RecordStore();
  for (const each of conditions) {
    const slice = { ...sliceObject('default/web', []), endpoints: [{ addresses: ['10.0.0.1'], conditions: each }] };
    const { record } = cut('EndpointSlice', slice, { annotationPrefixes: [] });
    if (record !== undefined) store.apply({ type: 'put', record });
  }
  return store.slicesOf('default/web')[0]?.endpoints[0];
}

it.each([
  ['never was ready', [NOT_READY, TERMINATING]],
  ['never was ready, in two versions', [NOT_READY, TERMINATING, { ...TERMINATING, ready: null }]],
  ['was not ready any more', [READY, NOT_READY, TERMINATING]],
])('F-21 a pod that %s is no member when it terminates', (_, conditions) => {
  expect(after(...conditions)).toMatchObject({ neverMember: true });
});

it.each([
  ['was ready', [NOT_READY, READY, TERMINATING]],
  ['serves to the end', [NOT_READY, SERVING]],
  ['stopped to serve while it terminates', [READY, SERVING, TERMINATING]],
  ['was not seen before, as after a restart', [TERMINATING]],
])('a pod that %s is drained', (_, conditions) => {
  expect(after(...conditions)).not.toHaveProperty('neverMember');
});
