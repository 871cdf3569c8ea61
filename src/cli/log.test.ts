import { expect, it } from 'vitest';
import { createLog } from './log.ts';
import { logBigipEvent } from './log-bigip.ts';
import { fakeIo } from './testing/fake-io.ts';

it('JSON lines have a level in words and an ISO time', () => {
  const io = fakeIo();
  createLog({ level: 'info', format: 'json', out: io.stderr }).info({ target: 'a' }, 'hello');
  const line = JSON.parse(io.err()) as Record<string, string>;
  expect(line).toMatchObject({ level: 'info', target: 'a', msg: 'hello' });
  expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
});

it('text lines are for people', () => {
  const io = fakeIo();
  createLog({ level: 'info', format: 'text', out: io.stderr }).warn({ target: 'a', why: 'a b', n: 1 }, 'hello');
  expect(io.err()).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}hello target=a why="a b" n=1\n$/);
});

it('levels below the one asked for are left out', () => {
  const io = fakeIo();
  createLog({ level: 'warn', format: 'text', out: io.stderr }).info('hello');
  expect(io.err()).toBe('');
});

it.each(['json', 'text'] as const)('secrets are redacted from messages and fields, as %s', (format) => {
  const io = fakeIo();
  const log = createLog({ level: 'info', format, out: io.stderr });
  log.info(
    { password: 'hunter2', words: ['Authorization: Basic hunter2'], deep: { text: 'token=hunter2' } },
    'password=hunter2',
  );
  expect(io.err()).not.toContain('hunter2');
  expect(io.err()).toContain('[redacted]');
});

it('who waits for a device is told why, for how long at most, and which field of the config says so', () => {
  const io = fakeIo();
  const log = createLog({ level: 'warn', format: 'text', out: io.stderr });
  const about = { device: 'one', address: 'https://one', reason: 'cannot connect', delayMs: 298.4, elapsedMs: 0 };
  logBigipEvent({ event: 'waiting', ...about }, log, 300_000);
  expect(io.err()).toContain('waiting for the device, at most 300 s (timeouts.restart) event=waiting device=one');
  expect(io.err()).toContain('reason="cannot connect" delayMs=298 elapsedMs=0');
});
