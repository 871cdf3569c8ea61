import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ScriptedBigip } from '../../../../test/support/scripted-bigip.ts';
import { signal, testTarget } from '../../../../test/support/bigip-target.ts';
import { PASSWORD, error, startScriptedBigip } from '../../../../test/support/scripted-bigip.ts';

let device: ScriptedBigip;
beforeEach(async () => {
  device = await startScriptedBigip();
});
afterEach(() => device.close());

const refs = ['pool:/k/a', 'pool:/k/b', 'pool:/k/c', 'pool:/k/d'] as const;
const logins = (): number => device.requests.filter(({ path }) => path.endsWith('/login')).length;
const tokenCalls = (): string[] =>
  device.requests.flatMap(({ method, path }) => (path.includes('/tokens/') ? [method] : []));

test('AC-01 one login serves many requests, and close gives the token back', async () => {
  const { target } = testTarget([device.url]);
  await target.readSome({ refs, signal });
  await target.readSome({ refs, signal });
  expect(logins()).toBe(1);
  expect(device.requests[0]?.body).toMatchObject({ username: 'admin', loginProviderName: 'tmos' });
  await target.close();
  expect(tokenCalls()).toEqual(['DELETE']);
  expect(device.tokens.size).toBe(0);
});

test('AC-01 the token is extended a minute before its 20 minutes end, and replaced before its ten hours end', async () => {
  const { target, clock } = testTarget([device.url]);
  await target.readSome({ refs, signal });
  clock.advance(1_139_000);
  await target.readSome({ refs, signal });
  expect(tokenCalls()).toEqual([]);
  clock.advance(2_000);
  await target.readSome({ refs, signal });
  expect(tokenCalls()).toEqual(['PATCH']);
  expect(device.requests.find(({ method }) => method === 'PATCH')?.body).toEqual({ timeout: '36000' });
  expect(logins()).toBe(1);
  clock.advance(34_000_000);
  await target.readSome({ refs, signal });
  expect(logins()).toBe(1);
  clock.advance(1_000_000);
  await target.readSome({ refs, signal });
  expect(logins()).toBe(2);
  await target.close();
});

test('AC-01 a device that will not extend the token is logged in to again', async () => {
  device.script = ({ method }) => (method === 'PATCH' ? error(406, 'Auth-token absolute timeout exceeded') : undefined);
  const { target, clock } = testTarget([device.url]);
  await target.readSome({ refs, signal });
  clock.advance(1_150_000);
  await target.readSome({ refs, signal });
  expect(logins()).toBe(2);
  await target.close();
});

test('AC-01 a 401 on many reads at the same time leads to one login, and all are repeated', async () => {
  const { target } = testTarget([device.url]);
  await target.readSome({ refs, signal });
  device.tokens.clear();
  await target.readSome({ refs, signal });
  expect(logins()).toBe(2);
  await target.close();
});

test('AC-01 the 401 that comes now and then with a good token is waited out, with one login', async () => {
  let refusals = 3;
  device.script = ({ path }) => {
    if (!path.includes('/pool/') || refusals === 0) return undefined;
    refusals -= 1;
    return error(
      401,
      'Authorization failed: no user authentication header or token detected. Uri:http://localhost:8100/',
    );
  };
  const { target } = testTarget([device.url]);
  await target.readSome({ refs: ['pool:/k/a'], signal });
  expect(refusals).toBe(0);
  expect(logins()).toBe(2);
  await target.close();
});

test('AC-01 a wrong password fails once, names user and device, and is not tried again until it may be right', async () => {
  let password = 'wrong-and-unprintable';
  const { target, clock } = testTarget([device.url], { password: () => Promise.resolve(password) });
  const words = /bigip-a \(http.*\): login refused for user "admin": the device answered 401: Authentication failed/;
  await expect(target.readSome({ refs, signal })).rejects.toThrow(words);
  expect(logins()).toBe(1);
  const again = await target.readSome({ refs, signal }).catch((reason: unknown) => String(reason));
  expect(again).toMatch(/not tried again for another 30 s/);
  expect(again).not.toContain(password);
  expect(logins()).toBe(1);
  clock.advance(31_000);
  await expect(target.readSome({ refs, signal })).rejects.toThrow(words);
  expect(logins()).toBe(2);
  password = PASSWORD;
  await target.readSome({ refs, signal });
  expect(logins()).toBe(3);
  await target.close();
});

test('a login that finds the device restarting is repeated', async () => {
  let restarting = 2;
  device.script = ({ path }) => {
    if (!path.endsWith('/login') || restarting === 0) return undefined;
    restarting -= 1;
    return { status: 503, body: '<title>BIG-IP&reg; - Configuration Utility restarting...</title>' };
  };
  const { target, events } = testTarget([device.url]);
  await target.readSome({ refs, signal });
  const wait = events.find(({ event }) => event === 'waiting');
  expect(wait).toMatchObject({ reason: 'login: 503 BIG-IP® - Configuration Utility restarting...' });
  await target.close();
});

test('a user with too many tokens is told so', async () => {
  const message = 'Bad Request: user admin has reached maximum active login tokens';
  device.script = ({ path }) => (path.endsWith('/login') ? error(400, message) : undefined);
  const { target } = testTarget([device.url]);
  await expect(target.readSome({ refs, signal })).rejects.toThrow(/maximum active login tokens; a user may hold 100/);
  await target.close();
});

test('a password that cannot be read is named without its value', async () => {
  const { target } = testTarget([device.url], { password: () => Promise.reject(new Error('ENOENT /run/pw')) });
  await expect(target.readSome({ refs, signal })).rejects.toThrow(
    'bigip-a: the password of user "admin" cannot be read: ENOENT /run/pw',
  );
  await target.close();
});

test('a 401 of RBAC is a refusal, not a reason to log in', async () => {
  const message =
    'Authorization failed: user=https://localhost/mgmt/shared/authz/users/guest resource=/mgmt/tm/ltm/pool verb=GET';
  device.script = ({ path }) => (path.includes('/pool/') ? error(401, message) : undefined);
  const { target } = testTarget([device.url]);
  await expect(target.readSome({ refs: ['pool:/k/a'], signal })).rejects.toThrow(message);
  expect(logins()).toBe(1);
  await target.close();
});
