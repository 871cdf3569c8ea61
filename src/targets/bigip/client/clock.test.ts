import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

test('time goes on while it sleeps', async () => {
  const before = systemClock.now();
  await systemClock.sleep(5, new AbortController().signal);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(4);
});

test('an abort ends the sleep with its own reason', async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error('shutting down'));
  await expect(sleeping).rejects.toThrow('shutting down');
});
