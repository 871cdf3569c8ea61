import { describe, expect, it } from 'vitest';
import { manualClock, startTest, type Client } from '../test-kit.ts';

const tokens = '/mgmt/shared/authz/tokens';

async function login(client: Client, username = 'admin', password = 'admin'): Promise<string> {
  const body = { username, password, loginProviderName: 'tmos' };
  const reply = await client.send('POST', '/mgmt/shared/authn/login', body, { Authorization: '' });
  expect(reply).toMatchObject({ status: 200 });
  return String(reply.body.token.token);
}

function withToken(token: string): Record<string, string> {
  return { Authorization: '', 'X-F5-Auth-Token': token };
}

describe('authentication', () => {
  it('gives a token of 26 base32 letters that lasts 1200 seconds', async () => {
    const client = await startTest({ clock: manualClock(1_533_135_937_679) });
    const reply = await client.post('/mgmt/shared/authn/login', {
      username: 'admin',
      password: 'admin',
      loginProviderName: 'tmos',
    });
    expect(reply.body.token).toMatchObject({
      timeout: 1200,
      startTime: '2018-08-01T15:05:37.679-0000',
      partition: '[All]',
    });
    expect(reply.body.token.token).toMatch(/^[A-Z2-7]{26}$/v);
    expect(reply.body.token.expirationMicros).toBe(1_533_137_137_679_000);
    expect((await client.send('GET', 'ltm/pool', undefined, withToken(reply.body.token.token))).status).toBe(200);
  });

  it('refuses a wrong password at login without repeating it', async () => {
    const client = await startTest();
    const reply = await client.post('/mgmt/shared/authn/login', {
      username: 'admin',
      password: 'wrong',
      loginProviderName: 'tmos',
    });
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ code: 401, message: 'Authentication failed.', kind: ':resterrorresponse' });
    expect(reply.text).not.toContain('wrong');
    expect(JSON.stringify(client.emulator.log.entries())).not.toContain('wrong');
  });

  it('looks at the token alone when Basic credentials come with it', async () => {
    const client = await startTest();
    const login = await client.post('/mgmt/shared/authn/login', { username: 'admin', password: 'admin' });
    const basic = { Authorization: `Basic ${btoa('None:None')}` };
    const token = (text: string) => ({ ...basic, 'X-F5-Auth-Token': text });
    expect((await client.send('GET', 'ltm/pool', undefined, token(login.body.token.token))).status).toBe(200);
    expect((await client.send('GET', 'ltm/pool', undefined, token('A'.repeat(26)))).status).toBe(401);
  });

  it('answers wrong Basic credentials with the page of Apache, and none with that of restjavad', async () => {
    const client = await startTest();
    const wrong = await client.send('GET', 'ltm/pool', undefined, { Authorization: 'Basic YWRtaW46eA==' });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('<title>401 F5 Authorization Required</title>');
    const none = await client.send('GET', 'ltm/pool', undefined, { Authorization: '' });
    expect(none.body.message).toContain(
      'no user authentication header or token detected. Uri:http://localhost:8100/mgmt/tm/ltm/pool',
    );
    const unknown = await client.send('GET', 'ltm/pool', undefined, withToken('AAAAAAAAAAAAAAAAAAAAAAAAAA'));
    expect(unknown.body.message).toBe('X-F5-Auth-Token does not exist.');
  });

  it('ends a token after its time, counted from the start, and says that it has expired', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    const token = await login(client);
    clock.advance(1_199_000);
    expect((await client.send('GET', 'ltm/pool', undefined, withToken(token))).status).toBe(200);
    clock.advance(2000);
    const late = await client.send('GET', 'ltm/pool', undefined, withToken(token));
    expect(late.body).toMatchObject({ code: 401, message: 'X-F5-Auth-Token has expired.' });
  });

  it('lengthens a token up to 36000 seconds, from text or number, and ends it on DELETE', async () => {
    const clock = manualClock();
    const client = await startTest({ clock });
    const token = await login(client);
    const longer = await client.patch(`${tokens}/${token}`, { timeout: '36000' });
    expect(longer.body).toMatchObject({ timeout: 36_000, generation: 2, name: token });
    const tooLong = await client.patch(`${tokens}/${token}`, { timeout: 36_001 });
    expect(tooLong.status).toBe(406);
    expect(tooLong.body.message).toBe('Auth-token absolute timeout (36000 seconds) exceeded');
    expect((await client.send('PATCH', `${tokens}/${token}`)).status).toBe(400);
    clock.advance(35_000_000);
    expect((await client.send('GET', 'ltm/pool', undefined, withToken(token))).status).toBe(200);
    expect((await client.delete(`${tokens}/${token}`)).status).toBe(200);
    expect((await client.send('GET', 'ltm/pool', undefined, withToken(token))).status).toBe(401);
    expect((await client.get(`${tokens}/${token}`)).status).toBe(404);
  });

  it('refuses the 101st token of a user, but not of the built-in admin', async () => {
    const users = [
      { name: 'admin', password: 'admin' },
      { name: 'bob', password: 'secret' },
    ];
    const client = await startTest({ users });
    for (let count = 0; count < 100; count += 1) {
      await login(client, 'bob', 'secret');
    }
    const last = await client.post('/mgmt/shared/authn/login', {
      username: 'bob',
      password: 'secret',
      loginProviderName: 'tmos',
    });
    expect(last.status).toBe(400);
    expect(last.body.message).toContain('user bob has reached maximum active login tokens');
    for (let count = 0; count < 101; count += 1) {
      await login(client);
    }
  });

  it('lets administrators alone write what is of the network, though a manager has the partition', async () => {
    const users = [
      { name: 'admin', password: 'admin' },
      { name: 'bob', password: 'b', role: 'manager', partitions: ['P'] },
      { name: 'ann', password: 'a', role: 'manager' },
      { name: 'rae', password: 'r', role: 'resource-admin' },
    ];
    const client = await startTest({ users });
    await client.post('auth/partition', { name: 'P' });
    const as = (name: string): Record<string, string> => ({ Authorization: `Basic ${btoa(`${name}:${name[0]}`)}` });
    const route = { name: 'r', partition: 'P', network: '10.9.0.0/24', blackhole: true };
    for (const name of ['bob', 'ann']) {
      const refused = await client.send('POST', 'net/route', route, as(name));
      expect(refused.status).toBe(403);
      expect(refused.body.message).toContain(`User (${name}) may not write`);
      expect((await client.send('GET', 'net/route', undefined, as(name))).status).toBe(200);
    }
    expect((await client.send('POST', 'net/route', route, as('rae'))).status).toBe(200);
    expect((await client.send('DELETE', 'net/route/~P~r', undefined, as('bob'))).status).toBe(403);
  });

  it('lets a user write in its own partitions only, and a guest nowhere', async () => {
    const users = [
      { name: 'admin', password: 'admin' },
      { name: 'bob', password: 'b', role: 'manager', partitions: ['P'] },
      { name: 'eve', password: 'e', role: 'guest' },
    ];
    const client = await startTest({ users });
    await client.post('auth/partition', { name: 'P' });
    await client.post('auth/partition', { name: 'Q' });
    await client.post('ltm/pool', { name: 'q', partition: 'Q' });
    const bob = { Authorization: `Basic ${btoa('bob:b')}` };
    const eve = { Authorization: `Basic ${btoa('eve:e')}` };
    expect((await client.send('POST', 'ltm/pool', { name: 'p', partition: 'P' }, bob)).status).toBe(200);
    const refused = await client.send('POST', 'ltm/pool', { name: 'p', partition: 'Q' }, bob);
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('01070822:3: Access Denied: User (bob)');
    expect((await client.get('ltm/pool/~Q~p')).status).toBe(404);
    expect((await client.send('GET', 'ltm/pool', undefined, bob)).body.items).toHaveLength(1);
    expect((await client.send('DELETE', 'ltm/pool/~P~p', undefined, eve)).status).toBe(403);
    expect((await client.send('GET', '/emulator/log', undefined, bob)).status).toBe(403);
  });
});
