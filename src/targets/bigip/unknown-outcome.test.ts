import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlanUnit } from '../../plan/plan.ts';
import type { Target, UnitReport } from '../target.ts';
import type { Reply, ScriptedBigip, Seen } from '../../../test/support/scripted-bigip.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { TargetUnavailable } from '../target.ts';
import { createPools, deletePool, signal, testTarget, updatePool } from '../../../test/support/bigip-target.ts';
import { RESTARTING, error, startScriptedBigip } from '../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
beforeEach(async () => {
  device = await startScriptedBigip();
});
afterEach(() => device.close());

const snapshot = new MemorySnapshot();
const put = (name: string, description: string): unknown =>
  device.objects.set(`/mgmt/tm/ltm/pool/~k~${name}`, { name, partition: 'k', fullPath: `/k/${name}`, description });
const apply = (target: Target, units: readonly PlanUnit[]): Promise<readonly UnitReport[]> =>
  target.apply({ units, snapshot, signal });
const isWrite = ({ method, path }: Seen): boolean => method !== 'GET' && path.includes('/ltm/');
const isCommit = ({ method, path }: Seen): boolean => method === 'PATCH' && path.includes('/transaction/');
const written = (): string[] => device.requests.filter(isWrite).map(({ method }) => method);
const commits = (): number => device.requests.filter(isCommit).length;

/** The first request that fits gets this reply, after or (`done: false`) instead of being done. */
function spoil(fits: (seen: Seen) => boolean, reply: Reply, { done }: { readonly done: boolean }): void {
  let spoilt = false;
  device.script = (seen, proceed) => {
    if (spoilt || !fits(seen)) return undefined;
    spoilt = true;
    if (done) proceed();
    return reply;
  };
}

const TROUBLES: readonly (readonly [string, Reply])[] = [
  ['a cut connection', 'cut'],
  ['503', RESTARTING],
  ['500 mcpd lost', error(500, 'The connection to mcpd has been lost, try again.')],
  ['400 remoteSender', error(400, 'remoteSender:10.107.0.5, method:PATCH ')],
  ['500 AsyncContext timeout', { status: 500, body: '<title>Error 500 AsyncContext timeout</title>' }],
];

test.each(TROUBLES)('AC-01 %s after a write: found by reading, never sent again', async (_, reply) => {
  put('web', 'old');
  spoil(isWrite, reply, { done: true });
  const { target, events } = testTarget([device.url]);
  const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(report?.state).toBe('done');
  expect(written()).toEqual(['PATCH']);
  expect(events).toContainEqual(expect.objectContaining({ event: 'resolved', found: '1 applied' }));
  await target.close();
});

test.each(TROUBLES)(
  'AC-01 %s instead of a write: sent once more, after reading showed that nothing was done',
  async (_, reply) => {
    put('web', 'old');
    spoil(isWrite, reply, { done: false });
    const { target } = testTarget([device.url]);
    const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
    expect(report?.state).toBe('done');
    expect(written()).toEqual(['PATCH', 'PATCH']);
    expect(device.objects.get('/mgmt/tm/ltm/pool/~k~web')?.['description']).toBe('new');
    await target.close();
  },
);

test('AC-01 a lost create and a lost delete are found by reading', async () => {
  put('old', 'made');
  const { target } = testTarget([device.url]);
  spoil(isWrite, 'cut', { done: true });
  expect((await apply(target, [createPools(['new'])]))[0]?.state).toBe('done');
  spoil(isWrite, 'cut', { done: true });
  const [report] = await apply(target, [deletePool('old')]);
  expect(report?.state).toBe('done');
  expect(report?.actual).toEqual(new Map([['pool:/k/old', undefined]]));
  expect(written()).toEqual(['POST', 'DELETE']);
  await target.close();
});

test('a lost write to an object that somebody else changed meanwhile stays unknown', async () => {
  put('web', 'theirs');
  spoil(isWrite, 'cut', { done: false });
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(report).toMatchObject({ state: 'unknown', diagnostics: [{ code: 'outcome-unknown' }] });
  expect(written()).toEqual(['PATCH']);
  await target.close();
});

test('a write that is lost every time is not sent a third time', async () => {
  put('web', 'old');
  device.script = (seen) => (isWrite(seen) ? 'cut' : undefined);
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(report?.state).toBe('unknown');
  expect(written()).toEqual(['PATCH', 'PATCH']);
  await target.close();
});

test('a slow write that comes into force after the device gave up on it is waited for', async () => {
  put('web', 'old');
  spoil(isWrite, error(400, 'remoteSender:10.107.0.5, method:PATCH '), { done: false });
  const { target, clock } = testTarget([device.url]);
  clock.sleep = async (ms) => {
    clock.slept.push(ms);
    put('web', 'new');
    await new Promise((resolve) => setImmediate(resolve));
  };
  const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(report?.state).toBe('done');
  expect(written()).toEqual(['PATCH']);
  await target.close();
});

test('a refused connection before a write is waited out, and the write sent once', async () => {
  put('web', 'old');
  const { target } = testTarget([device.url]);
  await target.readSome({ refs: ['pool:/k/web'], signal });
  const { port, objects } = device;
  await device.close();
  const back = async (): Promise<void> => {
    device = await startScriptedBigip({ port });
    for (const [path, object] of objects) device.objects.set(path, object);
  };
  setImmediate(() => void back());
  const [report] = await apply(target, [updatePool('web', 'old', 'new')]);
  expect(report?.state).toBe('done');
  expect(written()).toEqual(['PATCH']);
  await target.close();
});

test.each(TROUBLES)('AC-01 %s after a commit: all units found by reading, no second commit', async (_, reply) => {
  spoil(isCommit, reply, { done: true });
  const { target } = testTarget([device.url]);
  const reports = await apply(target, [createPools(['a', 'b']), createPools(['c', 'd'])]);
  expect(reports.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(reports[1]?.actual.get('pool:/k/d')?.object.description).toBe('made');
  expect(commits()).toBe(1);
  await target.close();
});

test.each(TROUBLES)('AC-01 %s instead of a commit: the batch is sent again, once', async (_, reply) => {
  spoil(isCommit, reply, { done: false });
  const { target } = testTarget([device.url]);
  const reports = await apply(target, [createPools(['a', 'b']), createPools(['c', 'd'])]);
  expect(reports.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(commits()).toBe(2);
  expect(
    device.requests.filter(({ method, path }) => method === 'DELETE' && path.includes('/transaction/')),
  ).toHaveLength(1);
  await target.close();
});

test('after a lost commit, a unit whose object somebody else changed is unknown; the others are sent again', async () => {
  put('c', 'theirs');
  spoil(isCommit, 'cut', { done: false });
  const { target } = testTarget([device.url]);
  const reports = await apply(target, [createPools(['a', 'b']), createPools(['c', 'd']), createPools(['e', 'f'])]);
  expect(reports.map(({ state }) => state)).toEqual(['done', 'unknown', 'done']);
  expect(device.objects.has('/mgmt/tm/ltm/pool/~k~d')).toBe(false);
  await target.close();
});

test('a commit that is still at work is asked for, not repeated', async () => {
  const seenStates = ['VALIDATING', 'VALIDATING', 'COMPLETED'];
  device.script = (seen, proceed) => {
    if (isCommit(seen)) {
      proceed();
      return error(400, 'remoteSender:10.107.0.5, method:PATCH ');
    }
    const asks = seen.method === 'GET' && seen.path.includes('/transaction/');
    return asks ? { status: 200, body: { state: seenStates.shift() } } : undefined;
  };
  const { target, clock } = testTarget([device.url]);
  const [report] = await apply(target, [createPools(['a', 'b'])]);
  expect(report?.state).toBe('done');
  expect(seenStates).toEqual([]);
  expect(clock.slept).toEqual([250, 500]);
  await target.close();
});

test('a commit that failed while nobody listened is refused in the words of the transaction', async () => {
  device.script = (seen) => {
    if (isCommit(seen)) return 'cut';
    const asks = seen.method === 'GET' && seen.path.includes('/transaction/');
    return asks ? { status: 200, body: { state: 'FAILED', failureReason: '01070734:3: bad /k/b' } } : undefined;
  };
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [createPools(['a', 'b'])]);
  expect(report).toMatchObject({ state: 'refused', blame: { ref: 'pool:/k/b', message: '01070734:3: bad /k/b' } });
  await target.close();
});

test('a queueing step that is cut makes the transaction anew; nothing is queued twice in one', async () => {
  spoil(({ transaction, body }) => transaction !== undefined && body['name'] === 'b', 'cut', { done: true });
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [createPools(['a', 'b'])]);
  expect(report?.state).toBe('done');
  const queued = device.requests.flatMap(({ transaction, body }) =>
    transaction === undefined ? [] : [[transaction, body['name']]],
  );
  expect(new Set(queued.map(([id, name]) => `${String(id)} ${String(name)}`)).size).toBe(4);
  expect(commits()).toBe(1);
  await target.close();
});

test('a transaction that expires while it is filled is made anew', async () => {
  spoil(({ transaction }) => transaction !== undefined, error(404, 'Missing transaction ID for this call.'), {
    done: false,
  });
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [createPools(['a', 'b'])]);
  expect(report?.state).toBe('done');
  await target.close();
});

test('a unit that the device chokes on does not hold back those that it shared a transaction with', async () => {
  device.script = ({ transaction, body }) => (transaction !== undefined && body['name'] === 'f' ? 'cut' : undefined);
  const { target } = testTarget([device.url]);
  const units = [
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f'],
    ['g', 'h'],
  ].map((names) => createPools(names));
  const reports = await apply(target, units);
  expect(reports.map(({ state }) => state)).toEqual(['done', 'done', 'unknown', 'done']);
  await target.close();
});

test('a device that lets no transaction through is given up, with the reports so far', async () => {
  const names = [
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f'],
    ['g', 'h'],
    ['i', 'j'],
  ];
  device.script = ({ transaction, body }) =>
    transaction !== undefined && 'dfhj'.includes(String(body['name'])) ? 'cut' : undefined;
  const { target } = testTarget([device.url], { batchSize: 2 });
  const failure = await apply(
    target,
    names.map((list) => createPools(list)),
  ).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(TargetUnavailable);
  expect((failure as TargetUnavailable).message).toMatch(/no transaction gets through: POST .*connection was cut/);
  expect((failure as TargetUnavailable).reports.map(({ unit, state }) => `${unit} ${state}`)).toEqual([
    'pool:/k/a done',
    'pool:/k/c unknown',
    'pool:/k/e unknown',
  ]);
  await target.close();
});

test('a commit that is answered as failed is refused in its own words', async () => {
  device.script = (seen) =>
    isCommit(seen) ? { status: 200, body: { state: 'FAILED', failureReason: '01070734:3: bad /k/a' } } : undefined;
  const { target } = testTarget([device.url]);
  const [report] = await apply(target, [createPools(['a', 'b'])]);
  expect(report).toMatchObject({ state: 'refused', blame: { ref: 'pool:/k/a' } });
  await target.close();
});

test('AC-01 a save that gets no answer is repeated, and one that is refused is an error', async () => {
  spoil(({ path }) => path.endsWith('/sys/config'), error(503, 'There is an active asynchronous task executing.'), {
    done: false,
  });
  const { target, events } = testTarget([device.url]);
  await target.save({ signal });
  const saves = device.requests.filter(({ path }) => path.endsWith('/sys/config'));
  expect(saves.map(({ body }) => body)).toEqual([{ command: 'save' }, { command: 'save' }]);
  expect(events.at(-1)).toEqual({ event: 'saved', device: 'bigip-a' });
  expect(target.counters.writes).toBe(0);
  spoil(({ path }) => path.endsWith('/sys/config'), error(400, '01070734:3: disk full'), { done: false });
  await expect(target.save({ signal })).rejects.toThrow(
    /save sys config: the device answered 400: 01070734:3: disk full/,
  );
  await target.close();
});

test('an abort in the middle of a transaction gives it up on the device', async () => {
  const abort = new AbortController();
  device.script = ({ transaction, body }) => {
    if (transaction === undefined || body['name'] !== 'b') return undefined;
    abort.abort(new Error('shutting down'));
    return 'hang';
  };
  const { target } = testTarget([device.url]);
  const applied = target.apply({ units: [createPools(['a', 'b'])], snapshot, signal: abort.signal });
  await expect(applied).rejects.toThrow('shutting down');
  expect(device.lines().at(-1)).toMatch(/^DELETE \/mgmt\/tm\/transaction\/\d+$/);
  expect(device.objects.size).toBe(1);
  await target.close();
});

test('writers take turns', async () => {
  let open = 0;
  let most = 0;
  put('web', 'old');
  device.script = (seen) => {
    if (!isWrite(seen)) return undefined;
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => (open -= 1));
    return undefined;
  };
  const { target } = testTarget([device.url]);
  const units = Array.from({ length: 8 }, (_, index) => [createPools([`p${index}`])]);
  await Promise.all(units.map((list) => apply(target, list)));
  expect(most).toBe(1);
  expect(written()).toHaveLength(8);
  await target.close();
});
