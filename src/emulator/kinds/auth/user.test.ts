import { describe, expect, it } from 'vitest';
import { startTest, type Client, type TestReply } from '../../test-kit.ts';

function as(client: Client, name: string, password: string): (path: string) => Promise<TestReply> {
  const Authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return (path) => client.send('GET', path, undefined, { Authorization });
}

describe('users', () => {
  it('keeps hashes only and lets them in', async () => {
    const client = await startTest();
    const access = [{ name: 'all-partitions', role: 'guest' }];
    const made = await client.post('auth/user', {
      name: 'u',
      password: 'first',
      'partition-access': access,
      shell: 'tmsh',
    });
    expect(made.body).toMatchObject({
      kind: 'tm:auth:user:userstate',
      fullPath: 'u',
      shell: 'tmsh',
      encryptedPassword: expect.stringMatching(/^\$6\$.{8}\$.{86}$/v),
      partitionAccess: [
        {
          name: 'all-partitions',
          role: 'guest',
          nameReference: { link: 'https://localhost/mgmt/tm/auth/partition/all-partitions?ver=17.1.0' },
        },
      ],
    });
    expect(made.text).not.toContain('first');
    expect((await as(client, 'u', 'first')('ltm/pool')).status).toBe(200);
    expect((await as(client, 'u', 'wrong')('ltm/pool')).status).toBe(401);
    expect((await client.patch('auth/user/u', { password: 'second' })).status).toBe(200);
    expect((await as(client, 'u', 'first')('ltm/pool')).status).toBe(401);
    expect((await as(client, 'u', 'second')('ltm/pool')).status).toBe(200);
    const login = await client.post('/mgmt/shared/authn/login', {
      username: 'u',
      password: 'second',
      loginProviderName: 'tmos',
    });
    expect(login.body.token.userName).toBe('u');
    expect((await client.delete('auth/user/u')).status).toBe(200);
    expect((await as(client, 'u', 'second')('ltm/pool')).status).toBe(401);
  });

  it('has no access by default, and roles by partition', async () => {
    const client = await startTest();
    await client.post('auth/partition', { name: 'p' });
    const bare = await client.post('auth/user', { name: 'u' });
    expect(bare.body).toMatchObject({
      encryptedPassword: '!!',
      partitionAccess: [{ name: 'all-partitions', role: 'no-access' }],
    });
    await client.patch('auth/user/u', { password: 'pw' });
    expect((await as(client, 'u', 'pw')('ltm/pool')).status).toBe(401);
    await client.patch('auth/user/u', { partitionAccess: [{ name: 'p', role: 'manager' }] });
    const Authorization = `Basic ${Buffer.from('u:pw').toString('base64')}`;
    const inside = await client.send('POST', 'ltm/pool', { name: 'x', partition: 'p' }, { Authorization });
    expect(inside.status).toBe(200);
    expect((await client.send('POST', 'ltm/pool', { name: 'x' }, { Authorization })).status).toBe(403);
  });

  it('refuses what is wrong, and does not print the password', async () => {
    const client = await startTest();
    expect((await client.post('auth/user', { name: 'admin', password: 'x' })).body).toMatchObject({
      code: 409,
      message: '01020066:3: The requested user (admin) already exists in partition Common.',
    });
    expect((await client.delete('auth/user/admin')).status).toBe(400);
    const roles = (name: string, role: string): unknown => ({ name: 'u', partitionAccess: [{ name, role }] });
    expect((await client.post('auth/user', roles('nowhere', 'guest'))).status).toBe(404);
    expect((await client.post('auth/user', roles('all-partitions', 'emperor'))).status).toBe(400);
    expect((await client.patch('auth/user/admin', { password: 'changed' })).status).toBe(200);
    expect((await client.get('auth/user')).status).toBe(401);
    const list = await as(client, 'admin', 'changed')('auth/user');
    expect(list.body.items).toHaveLength(1);
    expect(list.text).not.toContain('changed');
  });
});
