import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Reply, ScriptedBigip } from '../../../../test/support/scripted-bigip.ts';
import { TargetUnavailable } from '../../target.ts';
import { signal, testTarget } from '../../../../test/support/bigip-target.ts';
import { RESTARTING, error, startScriptedBigip } from '../../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
beforeEach(async () => {
  device = await startScriptedBigip();
  device.objects.set('/mgmt/tm/ltm/pool/~k~a', { name: 'a', partition: 'k', fullPath: '/k/a' });
});
afterEach(() => device.close());

const refs = ['pool:/k/a'] as const;

/** These replies to reads of pools, one after the other, then as usual. */
function replyWith(replies: Reply[]): void {
  device.script = ({ path }) => (path.includes('/pool/') ? replies.shift() : undefined);
}

test.each<readonly [string, Reply]>([
  ['503 with an HTML page', RESTARTING],
  ['503 while a task runs', error(503, 'There is an active asynchronous task executing.')],
  [
    '404 not registered',
    error(
      404,
      'URI path /mgmt/tm/ltm/pool not registered.  Please verify URI is supported and wait for /available suffix to be responsive.',
    ),
  ],
  ['500 mcpd lost', error(500, 'The connection to mcpd has been lost, try again.')],
  ['500 AsyncContext timeout', { status: 500, body: '<html><title>Error 500 AsyncContext timeout</title></html>' }],
  ['400 remoteSender', error(400, 'remoteSender:10.107.0.5, method:GET ')],
  ['200 with an HTML page', { status: 200, body: '<html><title>BIG-IP</title></html>' }],
  ['a cut connection', 'cut'],
])('AC-01 %s: a read waits with growing pauses, says so, and goes on', async (_, trouble) => {
  replyWith([trouble, trouble, trouble]);
  const { target, events, clock } = testTarget([device.url]);
  const found = await target.readSome({ refs, signal });
  expect(found.get('pool:/k/a')?.object).toEqual({ kind: 'pool', path: '/k/a' });
  const waits = events.filter(({ event }) => event === 'waiting');
  expect(waits.map((event) => 'delayMs' in event && event.delayMs)).toEqual([500, 1000, 2000]);
  expect(waits[2]).toMatchObject({ device: 'bigip-a', address: device.url, elapsedMs: 1500 });
  expect(clock.slept).toEqual([500, 1000, 2000]);
  await target.close();
});

test('AC-01 a device that stays away is given up after the deadline, with its last words', async () => {
  device.script = ({ path }) => (path.includes('/pool/') ? RESTARTING : undefined);
  const { target, clock } = testTarget([device.url]);
  const failure = await target.readSome({ refs, signal }).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(TargetUnavailable);
  expect(String(failure)).toMatch(
    /bigip-a \(http.*\): the device answered 503: BIG-IP® - Configuration Utility restarting/,
  );
  const waited = clock.slept.reduce((sum, ms) => sum + ms, 0);
  expect(waited).toBeGreaterThan(250_000);
  expect(waited).toBeLessThanOrEqual(300_000);
  expect(Math.max(...clock.slept)).toBe(30_000);
  await target.close();
});

test('AC-01 a 404 right after mcpd was lost is not believed until the device has settled', async () => {
  replyWith([
    error(500, 'The connection to mcpd has been lost, try again.'),
    error(404, '01020036:3: The requested Pool (/k/a) was not found.'),
  ]);
  const { target, clock } = testTarget([device.url]);
  const found = await target.readSome({ refs, signal });
  expect(found.get('pool:/k/a')?.object.kind).toBe('pool');
  expect(clock.slept).toEqual([500, 9500]);
  await target.close();
});

test('a 404 in quiet times is believed at once', async () => {
  const { target, clock } = testTarget([device.url]);
  const found = await target.readSome({ refs: ['pool:/k/none'], signal });
  expect(found).toEqual(new Map([['pool:/k/none', undefined]]));
  expect(clock.slept).toEqual([]);
  await target.close();
});

test('AC-01 connection refused: reads wait until the device is back', async () => {
  const { port } = device;
  await device.close();
  const { target, events } = testTarget([device.url], {
    logger: (event) => {
      events.push(event);
      if (event.event === 'waiting' && event.elapsedMs > 1000) void back();
    },
  });
  let again: Promise<ScriptedBigip> | undefined;
  const back = (): Promise<ScriptedBigip> => (again ??= startScriptedBigip({ port }));
  await target.readSome({ refs, signal });
  expect(events.find(({ event }) => event === 'waiting')).toMatchObject({
    reason: expect.stringMatching(/cannot connect to 127/),
  });
  await target.close();
  device = await back();
});

test('a request without an answer ends after its own time', async () => {
  replyWith(['hang']);
  const { target, events } = testTarget([device.url], { timeouts: { requestMs: 100 } });
  await target.readSome({ refs, signal });
  expect(events.find(({ event }) => event === 'waiting')).toMatchObject({ reason: 'no answer within 100 ms' });
  await target.close();
});

test('an answer that is too large is refused, not stored', async () => {
  device.objects.set('/mgmt/tm/ltm/pool/~k~a', { name: 'a', description: 'x'.repeat(20_000) });
  const { target } = testTarget([device.url], { maxAnswerBytes: 10_000 });
  await expect(target.readSome({ refs, signal })).rejects.toThrow(/the answer is larger than 10000 bytes/);
  await target.close();
});

test('an abort ends a read that waits for an answer, and one that waits between attempts', async () => {
  const { target } = testTarget([device.url]);
  const abort = new AbortController();
  device.script = ({ path }) => {
    if (!path.includes('/pool/')) return undefined;
    abort.abort(new Error('shutting down'));
    return 'hang';
  };
  await expect(target.readSome({ refs, signal: abort.signal })).rejects.toThrow('shutting down');
  const second = new AbortController();
  const logger = (): void => second.abort(new Error('shutting down again'));
  device.script = ({ path }) => (path.includes('/pool/') ? RESTARTING : undefined);
  const waiting = testTarget([device.url], { logger: ({ event }) => event === 'waiting' && logger() });
  await expect(waiting.target.readSome({ refs, signal: second.signal })).rejects.toThrow('shutting down again');
  await target.close();
  await waiting.target.close();
});

test('AC-01 an address that is gone: the next one of the same device takes over, with a login of its own', async () => {
  const other = await startScriptedBigip();
  await device.close();
  const { target, events } = testTarget([device.url, other.url]);
  await target.readSome({ refs: ['pool:/k/none'], signal });
  expect(other.requests[0]?.path).toBe('/mgmt/shared/authn/login');
  expect(events).toContainEqual(expect.objectContaining({ event: 'address-changed', address: other.url }));
  await target.close();
  await other.close();
  device = await startScriptedBigip();
});

test('readers that fail together move on to the next address once', async () => {
  const other = await startScriptedBigip();
  const { target, events } = testTarget([device.url, other.url]);
  await target.readSome({ refs, signal });
  await device.close();
  await target.readSome({ refs: ['pool:/k/b', 'pool:/k/c', 'pool:/k/d', 'pool:/k/e'], signal });
  expect(events.filter(({ event }) => event === 'address-changed')).toHaveLength(1);
  await target.close();
  await other.close();
  device = await startScriptedBigip();
});

test('no more reads are in flight than there are readers, and waiting is counted once', async () => {
  let open = 0;
  let most = 0;
  const { target, clock } = testTarget([device.url], { readers: 3 });
  await target.readSome({ refs, signal });
  const waitedBefore = target.counters.waitedMs;
  device.script = () => {
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => (open -= 1));
    clock.advance(10);
    return undefined;
  };
  const many = Array.from({ length: 12 }, (_, index) => `pool:/k/p${index}` as const);
  await target.readSome({ refs: many, signal });
  expect(most).toBeLessThanOrEqual(3);
  expect(target.counters.waitedMs - waitedBefore).toBe(120);
  expect(target.counters).toMatchObject({ requests: 16, writes: 0 });
  expect(target.counters.bytesReceived).toBeGreaterThan(target.counters.bytesSent);
  await target.close();
});

test('AC-01 TMOS before 12.1 is refused with what was found', async () => {
  const old = await startScriptedBigip({ version: '11.6.1' });
  const { target } = testTarget([old.url]);
  await expect(target.read({ signal })).rejects.toThrow('bigip-a: found TMOS 11.6.1, expected 12.1 or later');
  await target.close();
  await old.close();
});
