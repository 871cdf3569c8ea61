import { describe, expect, it } from 'vitest';
import { startTest, type Client, type TestReply } from '../test-kit.ts';

const modifyText =
  '"address" may not be specified in the context of the "modify" command. "address" may be specified using the following commands: create, list, show';

async function ok(reply: Promise<TestReply>): Promise<TestReply> {
  const found = await reply;
  expect(found).toMatchObject({ status: 200 });
  return found;
}

async function message(reply: Promise<TestReply>): Promise<string> {
  const { status, body } = await reply;
  expect(body.code).toBe(status);
  return `${status} ${body.message}`;
}

function names(reply: TestReply): readonly string[] {
  return (reply.body.items ?? []).map((item: { fullPath: string }) => item.fullPath);
}

async function withPartition(): Promise<Client> {
  const client = await startTest();
  await ok(client.post('auth/partition', { name: 'P' }));
  return client;
}

describe('nodes and members', () => {
  it('a member makes its node; deleting the member leaves it; a node in use stays', async () => {
    const client = await withPartition();
    await ok(client.post('ltm/pool', { name: 'p', partition: 'P', members: [{ name: '10.0.0.1:http' }] }));
    expect(names(await client.get('ltm/pool/~P~p/members'))).toEqual(['/P/10.0.0.1:80']);
    expect(names(await client.get('ltm/node'))).toEqual(['/P/10.0.0.1']);
    expect(await message(client.delete('ltm/node/~P~10.0.0.1'))).toBe(
      "400 01070110:3: Node address '/P/10.0.0.1' is referenced by a member of pool '/P/p'.",
    );
    await ok(client.delete('ltm/pool/~P~p/members/~P~10.0.0.1:80'));
    expect(names(await client.get('ltm/node'))).toEqual(['/P/10.0.0.1']);
    await ok(client.delete('ltm/node/~P~10.0.0.1'));
  });

  it('a member with address and another name makes a node of that name', async () => {
    const client = await startTest();
    await ok(client.post('ltm/pool', { name: 'p' }));
    await ok(client.post('ltm/pool/~Common~p/members', { name: 'web1:8080', address: '10.0.0.1' }));
    expect((await client.get('ltm/node/~Common~web1')).body.address).toBe('10.0.0.1');
    expect((await client.get('ltm/pool/~Common~p/members/~Common~web1:8080')).body).toMatchObject({
      name: 'web1:8080',
      address: '10.0.0.1',
    });
    expect(await message(client.post('ltm/pool/~Common~p/members', { name: 'web2:80' }))).toBe(
      '404 01020036:3: The requested node (/Common/web2) was not found.',
    );
  });

  it('an address belongs to one node of the box', async () => {
    const client = await withPartition();
    await ok(client.post('ltm/node', { name: 'n1', address: '10.0.0.1' }));
    expect(await message(client.post('ltm/node', { name: 'n2', partition: 'P', address: '10.0.0.1' }))).toBe(
      '400 0107003b:3: Pool member node (/P/n2) and existing node (/Common/n1) cannot use the same IP Address (10.0.0.1).',
    );
    await ok(client.post('ltm/pool', { name: 'p', partition: 'P' }));
    expect(await message(client.post('ltm/pool/~P~p/members', { name: '10.0.0.1:80' }))).toBe(
      '400 0107003b:3: Pool member node (/P/10.0.0.1) and existing node (/Common/n1) cannot use the same IP Address (10.0.0.1).',
    );
    await ok(client.post('ltm/pool/~P~p/members', { name: '/Common/n1:80' }));
    expect((await client.get('ltm/pool/~P~p/members/~Common~n1:80')).body.partition).toBe('Common');
  });

  it('IPv6 members have a dot before the port, shortened, and are found by it', async () => {
    const client = await startTest();
    await ok(client.post('ltm/pool', { name: 'p', members: ['2001:DB8:0::1.80', '2001:db8::2%0.443'] }));
    expect(names(await client.get('ltm/pool/~Common~p/members'))).toEqual([
      '/Common/2001:db8::1.80',
      '/Common/2001:db8::2.443',
    ]);
    expect((await client.get('ltm/pool/~Common~p/members/~Common~2001:db8::1.80')).body.address).toBe('2001:db8::1');
  });

  it('missing and doubled members are told as the device does', async () => {
    const client = await withPartition();
    await ok(client.post('ltm/pool', { name: 'p', partition: 'P', members: ['10.0.0.1:80'] }));
    expect((await client.get('ltm/pool/~P~p/members/~P~10.0.0.9:80')).body).toEqual({
      code: 404,
      message: 'Object not found - /P/10.0.0.9:80',
      errorStack: [],
      apiError: 1,
    });
    expect(await message(client.post('ltm/pool/~P~p/members', { name: '10.0.0.1:80' }))).toBe(
      '409 01020066:3: The requested Pool Member (/P/p /P/10.0.0.1 80) already exists in partition P.',
    );
    expect(await message(client.post('ltm/pool/~P~p/members', { name: '/wrong/10.0.0.1:80' }))).toBe(
      "400 01070734:3: Configuration error: Can't associate Pool Member (/P/p /wrong/10.0.0.1 80) folder does not exist",
    );
    expect(await message(client.post('ltm/pool/~P~none/members', { name: '10.0.0.1:80' }))).toContain(
      '404 01020036:3: The requested Pool (/P/none)',
    );
  });

  it('takes user-enabled, user-disabled, user-up and user-down only, and refuses what a GET shows', async () => {
    const client = await startTest();
    await ok(client.post('ltm/pool', { name: 'p', monitor: '/Common/http', members: ['10.0.0.1:80'] }));
    const uri = 'ltm/pool/~Common~p/members/~Common~10.0.0.1:80';
    expect((await client.get(uri)).body).toMatchObject({ session: 'monitor-enabled', state: 'checking' });
    expect(await message(client.patch(uri, { session: 'monitor-enabled' }))).toBe(
      '400 invalid property value "session":"monitor-enabled"',
    );
    expect((await client.patch(uri, { session: 'user-disabled' })).body).toMatchObject({
      session: 'user-disabled',
      state: 'checking',
    });
    expect((await client.patch(uri, { state: 'user-down', session: 'user-enabled' })).body).toMatchObject({
      session: 'user-enabled',
      state: 'user-down',
    });
    expect((await client.patch(uri, { address: '10.0.0.1' })).body.message).toBe(modifyText);
    await ok(client.patch('ltm/pool/~Common~p', { monitor: '' }));
    expect((await client.patch(uri, { state: 'user-up' })).body).toMatchObject({
      session: 'user-enabled',
      state: 'unchecked',
    });
  });

  it('PATCH of members replaces the list: absent ones go, those that stay keep what is not mentioned', async () => {
    const client = await startTest();
    await ok(client.post('ltm/pool', { name: 'p', members: [{ name: '10.0.0.1:80', ratio: 5 }, '10.0.0.2:80'] }));
    await ok(
      client.patch('ltm/pool/~Common~p', {
        members: [{ name: '10.0.0.1:80', priorityGroup: 3 }, { name: '10.0.0.3:80' }],
      }),
    );
    const { items } = (await client.get('ltm/pool/~Common~p/members')).body;
    expect(
      items.map((item: { name: string; ratio: number; priorityGroup: number }) => [
        item.name,
        item.ratio,
        item.priorityGroup,
      ]),
    ).toEqual([
      ['10.0.0.1:80', 5, 3],
      ['10.0.0.3:80', 1, 0],
    ]);
    expect(names(await client.get('ltm/node'))).toHaveLength(3);
    const again = await client.patch('ltm/pool/~Common~p', { members: [{ name: '10.0.0.1:80', address: '10.0.0.1' }] });
    expect(again.status).toBe(200);
    expect((await client.put('ltm/pool/~Common~p', { members: ['10.0.0.1:80'] })).status).toBe(200);
    expect((await client.get('ltm/pool/~Common~p/members')).body.items[0].ratio).toBe(1);
  });
});

describe('pools', () => {
  it('print monitors with absolute names and a trailing blank, and `min N of` in braces', async () => {
    const client = await startTest();
    const made = await client.post('ltm/pool', { name: 'p', monitor: 'http and /Common/tcp' });
    expect(made.body.monitor).toBe('/Common/http and /Common/tcp ');
    expect(
      (await client.patch('ltm/pool/~Common~p', { monitor: 'min 1 of /Common/http /Common/tcp' })).body.monitor,
    ).toBe('min 1 of { /Common/http /Common/tcp }');
    expect((await client.patch('ltm/pool/~Common~p', { monitor: 'none' })).body).not.toHaveProperty('monitor');
    expect(await message(client.patch('ltm/pool/~Common~p', { monitor: '/Common/no' }))).toBe(
      '404 01020036:3: The requested monitor (/Common/no) was not found.',
    );
  });

  it('keep their generation when nothing changes, and PUT goes back to defaults', async () => {
    const client = await startTest();
    const { generation } = (await client.post('ltm/pool', { name: 'p', description: 'x', slowRampTime: '20' })).body;
    const same = await client.patch('ltm/pool/~Common~p', { slowRampTime: 20 });
    expect(same.body).toMatchObject({ generation, slowRampTime: 20, description: 'x' });
    const put = await client.put('ltm/pool/~Common~p', { minActiveMembers: 1 });
    expect(put.body).toMatchObject({ slowRampTime: 10, minActiveMembers: 1 });
    expect(put.body).not.toHaveProperty('description');
    expect(put.body.generation).toBeGreaterThan(generation);
  });

  it('refuse what the grammar does not know', async () => {
    const client = await startTest();
    const cases: readonly (readonly [unknown, string])[] = [
      [{}, '400 one or more properties must be specified'],
      [{ description: 'x' }, '400 one or more configuration identifiers must be provided'],
      [{ name: 7 }, '400 one or more configuration identifiers must be provided'],
      [{ name: 'p', partition: 'none' }, '400 The requested folder (/none) was not found.'],
      [{ name: 'p', loadBalancingMode: 'best' }, '400 invalid property value "load-balancing-mode":"best"'],
      [{ name: 'p', minActiveMembers: 'x' }, '400 invalid property value "min-active-members":"x"'],
      [{ name: 'p', colour: 'red' }, '400 "colour" unknown property'],
      [{ name: 'example' }, '400 "example" is a reserved keyword and must not be used as resource name'],
      ['[1]', '400 Found invalid JSON body in the request.'],
      ['{"name":', '400 Found invalid JSON body in the request.'],
    ];
    for (const [body, expected] of cases) {
      expect(await message(client.post('ltm/pool', body))).toBe(expected);
    }
    expect(await message(client.patch('ltm/pool/~Common~none', {}))).toContain('404 01020036');
  });

  it('keep metadata, which persists unless told otherwise and omits empty values', async () => {
    const client = await startTest();
    const body = {
      name: 'p',
      metadata: [
        { name: 'owner', value: 'me' },
        { name: 'flag', persist: 'false' },
      ],
    };
    const expected = [
      { name: 'flag', persist: 'false' },
      { name: 'owner', persist: 'true', value: 'me' },
    ];
    expect((await client.post('ltm/pool', body)).body.metadata).toEqual(expected);
    expect((await client.patch('ltm/pool/~Common~p', { metadata: [] })).body).not.toHaveProperty('metadata');
  });
});

describe('virtual servers', () => {
  const web = {
    name: 'v',
    partition: 'P',
    destination: '/P/10.1.1.1:80',
    ipProtocol: 'tcp',
    profiles: ['/Common/tcp', { name: 'http', partition: 'Common' }],
  };

  it('make their virtual address and take it away again, unless it is to stay', async () => {
    const client = await withPartition();
    await ok(client.post('ltm/virtual', web));
    expect(names(await client.get('ltm/virtual-address'))).toEqual(['/P/10.1.1.1']);
    await ok(client.patch('ltm/virtual/~P~v', { destination: '/P/10.1.1.2:80' }));
    expect(names(await client.get('ltm/virtual-address'))).toEqual(['/P/10.1.1.2']);
    await ok(client.patch('ltm/virtual-address/~P~10.1.1.2', { autoDelete: 'false' }));
    await ok(client.delete('ltm/virtual/~P~v'));
    expect(names(await client.get('ltm/virtual-address'))).toEqual(['/P/10.1.1.2']);
  });

  it('show the name of a virtual address that has one of its own, and share it within the partition', async () => {
    const client = await withPartition();
    await ok(client.post('auth/partition', { name: 'Q' }));
    await ok(client.post('ltm/virtual-address', { name: 'va', partition: 'P', address: '10.1.1.1' }));
    expect((await client.post('ltm/virtual', web)).body.destination).toBe('/P/va:80');
    await ok(client.post('ltm/virtual', { ...web, name: 'v2', destination: '/P/va:443' }));
    expect(await message(client.delete('ltm/virtual-address/~P~va'))).toContain(
      '01070265:3: The Virtual Address (/P/va)',
    );
    const invalid = '400 0107176c:3: Invalid Virtual Address, the IP address 10.1.1.1 already exists.';
    expect(await message(client.post('ltm/virtual-address', { name: '10.1.1.1', partition: 'Q' }))).toBe(invalid);
    expect(await message(client.post('ltm/virtual', { ...web, partition: 'Q', destination: '/Q/10.1.1.1:81' }))).toBe(
      invalid,
    );
  });

  it('get fastL4 without profiles, and the wildcard without a destination', async () => {
    const client = await startTest();
    expect((await client.post('ltm/virtual', { name: 'v' })).body).toMatchObject({
      destination: '/Common/0.0.0.0:0',
      mask: 'any',
      source: '0.0.0.0/0',
      ipProtocol: 'any',
    });
    expect((await client.get('ltm/virtual/~Common~v/profiles')).body.items).toMatchObject([
      { name: 'fastL4', context: 'all' },
    ]);
    expect((await client.post('ltm/virtual', { name: 'six', destination: '2001:db8::6.443' })).body).toMatchObject({
      destination: '/Common/2001:db8::6.443',
      mask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      source: '::/0',
    });
  });

  it('refuse profiles that do not go together', async () => {
    const client = await startTest();
    const cases: readonly (readonly [object, string])[] = [
      [
        { ipProtocol: 'tcp', profiles: ['/Common/http'] },
        '400 01070734:3: Configuration error: Less than the required minimum number of profiles found on /Common/v: Exactly 1 of (UDP Profile (clientside), TCP Profile (clientside), SCTP Profile (clientside))',
      ],
      [
        { ipProtocol: 'udp', profiles: ['/Common/tcp'] },
        '400 01070096:3: Virtual server /Common/v lists profiles incompatible with its protocol.',
      ],
      [
        { ipProtocol: 'tcp', profiles: ['/Common/tcp', '/Common/fastL4'] },
        '400 01070734:3: Configuration error: Found disallowed profile on /Common/v: Not Any Of (FastL4 Profile, FastHTTP Profile)',
      ],
      [
        { ipProtocol: 'tcp', profiles: ['/Common/none'] },
        '404 01020036:3: The requested profile (/Common/none) was not found.',
      ],
      [
        { ipProtocol: 'tcp', profiles: ['/Common/tcp'], persist: ['/Common/cookie'] },
        '400 01070309:3: Cookie persistence requires an HTTP or FastHTTP profile to be associated with the virtual server',
      ],
      [
        { policies: ['/Common/pol'] },
        '400 01070712:3: Values (/Common/pol) specified for virtual server policy (/Common/v /Common/pol): foreign key index (policy_FK) do not point at an item that exists in the database.',
      ],
      [{ pool: '/Common/none' }, '404 01020036:3: The requested Pool (/Common/none) was not found.'],
      [
        { rules: ['/Common/_sys_https_redirect'], ipProtocol: 'tcp', profiles: ['/Common/tcp'] },
        '400 01071912:3: HTTP_REQUEST event in rule (/Common/_sys_https_redirect) requires an associated HTTP or FASTHTTP profile on the virtual-server (/Common/v).',
      ],
      [{ enabled: true, disabled: true }, '400 "enabled" may not be specified with "disabled"'],
    ];
    const before = JSON.stringify(client.emulator.dump());
    for (const [body, expected] of cases) {
      expect(await message(client.post('ltm/virtual', { name: 'v', destination: '10.1.1.1:80', ...body }))).toBe(
        expected,
      );
    }
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });

  it('may not share destination, port, protocol and VLANs', async () => {
    const client = await withPartition();
    await ok(client.post('ltm/virtual', web));
    expect(await message(client.post('ltm/virtual', { ...web, name: 'w' }))).toBe(
      '400 01070333:3: Virtual Server /P/w illegally shares destination address, source address, service port, ip-protocol, and vlan with Virtual Server /P/v.',
    );
    await ok(client.post('ltm/virtual', { ...web, name: 'udp', ipProtocol: 'udp', profiles: ['/Common/udp'] }));
    await ok(client.post('ltm/virtual', { ...web, name: 'src', source: '10.0.0.0/8' }));
  });

  it('flags: only the true one is shown, false is ignored, the other half switches', async () => {
    const client = await startTest();
    const made = await client.post('ltm/virtual', { name: 'v', destination: '10.1.1.1:80', disabled: true });
    expect(made.body.disabled).toBe(true);
    expect(made.body).not.toHaveProperty('enabled');
    expect((await client.patch('ltm/virtual/~Common~v', { disabled: false })).body.disabled).toBe(true);
    expect((await client.patch('ltm/virtual/~Common~v', { enabled: true })).body).not.toHaveProperty('disabled');
    expect((await client.patch('ltm/virtual/~Common~v', { ipForward: true })).body.ipForward).toBe(true);
  });

  it('a pool, profile, SNAT pool or iRule in use cannot be deleted', async () => {
    const client = await startTest();
    await ok(client.post('ltm/pool', { name: 'p' }));
    await ok(client.post('ltm/snatpool', { name: 's', members: ['10.9.9.9'] }));
    await ok(client.post('ltm/rule', { name: 'r', apiAnonymous: 'when CLIENT_ACCEPTED { }' }));
    await ok(client.post('ltm/profile/tcp', { name: 't', defaultsFrom: '/Common/tcp', idleTimeout: 60 }));
    const translation = { type: 'snat', pool: '/Common/s' };
    await ok(
      client.post('ltm/virtual', {
        name: 'v',
        destination: '10.1.1.1:80',
        ipProtocol: 'tcp',
        profiles: ['t'],
        pool: 'p',
        rules: ['r'],
        sourceAddressTranslation: translation,
      }),
    );
    expect(await message(client.delete('ltm/pool/~Common~p'))).toBe(
      '400 01070265:3: The Pool (/Common/p) cannot be deleted because it is in use by a Virtual Server (/Common/v).',
    );
    expect(await message(client.delete('ltm/snatpool/~Common~s'))).toBe(
      '400 01070320:3: Snatpool /Common/s is still referenced by a virtual server.',
    );
    expect(await message(client.delete('ltm/rule/~Common~r'))).toContain('01070265:3: The iRule (/Common/r)');
    expect(await message(client.delete('ltm/profile/tcp/~Common~t'))).toContain(
      '01070265:3: The TCP Profile (/Common/t)',
    );
    expect((await client.get('ltm/snat-translation/~Common~10.9.9.9')).body.address).toBe('10.9.9.9');
    expect((await client.get('ltm/virtual/~Common~v')).body.sourceAddressTranslation).toMatchObject({
      type: 'snat',
      pool: '/Common/s',
      poolReference: { link: expect.stringContaining('/ltm/snatpool/~Common~s') },
    });
  });

  it('profiles and policies are sub-collections that can be changed one by one', async () => {
    const client = await startTest();
    await ok(
      client.post('ltm/virtual', {
        name: 'v',
        destination: '10.1.1.1:443',
        ipProtocol: 'tcp',
        profiles: ['/Common/tcp'],
      }),
    );
    const item = await ok(client.post('ltm/virtual/~Common~v/profiles', { name: 'clientssl', partition: 'Common' }));
    expect(item.body).toMatchObject({
      context: 'clientside',
      nameReference: { link: expect.stringContaining('/ltm/profile/client-ssl/~Common~clientssl') },
    });
    expect(names(await client.get('ltm/virtual/~Common~v/profiles'))).toEqual(['/Common/clientssl', '/Common/tcp']);
    await ok(client.delete('ltm/virtual/~Common~v/profiles/~Common~clientssl'));
    expect(await message(client.delete('ltm/virtual/~Common~v/profiles/~Common~clientssl'))).toContain('404');
    expect(await message(client.post('ltm/virtual/~Common~v/profiles', { name: 'fastL4' }))).toContain(
      'Found disallowed profile on /Common/v',
    );
    expect((await client.get('ltm/virtual/~Common~v/policies')).body).not.toHaveProperty('items');
  });

  it('a PUT of what a GET gave is refused from 14.1 on, and not before', async () => {
    for (const [tmos, status] of [
      ['13.1', 200],
      ['14.1', 400],
    ] as const) {
      const client = await startTest({ tmos });
      await ok(client.post('ltm/virtual', { name: 'v', destination: '10.1.1.1:80' }));
      const { body } = await client.get('ltm/virtual/~Common~v');
      expect((await client.put('ltm/virtual/~Common~v', body)).status).toBe(status);
    }
  });
});

describe('monitors and profiles', () => {
  it('inherit live from their parent, share a name space, and cannot go while in use', async () => {
    const client = await startTest();
    await ok(client.post('ltm/monitor/http', { name: 'a', interval: 7 }));
    await ok(client.post('ltm/monitor/http', { name: 'b', defaultsFrom: '/Common/a' }));
    expect((await client.get('ltm/monitor/http/~Common~b')).body).toMatchObject({
      interval: 7,
      generation: 0,
      defaultsFrom: '/Common/a',
    });
    await ok(client.patch('ltm/monitor/http/~Common~a', { interval: 9 }));
    expect((await client.get('ltm/monitor/http/~Common~b')).body.interval).toBe(9);
    expect(await message(client.delete('ltm/monitor/http/~Common~a'))).toBe(
      '400 01070083:3: Monitor /Common/a is in use.',
    );
    expect(await message(client.post('ltm/monitor/tcp', { name: 'a' }))).toContain(
      '409 01020066:3: The requested monitor (/Common/a)',
    );
    expect(await message(client.post('ltm/monitor/http', { name: 'c', defaultsFrom: '/Common/c' }))).toContain(
      'A monitor may not default from itself "/Common/c"',
    );
    expect(await message(client.patch('ltm/monitor/http/~Common~b', { defaultsFrom: '/Common/http' }))).toContain(
      '"defaults-from" may not be specified',
    );
    await ok(client.post('ltm/profile/http', { name: 'h' }));
    expect(await message(client.post('ltm/profile/tcp', { name: 'h' }))).toBe(
      '400 01070293:3: The profile name (/Common/h) is already assigned to another profile.',
    );
    expect((await client.get('ltm/profile/http/~Common~h')).body.defaultsFrom).toBe('/Common/http');
  });

  it('monitors link to their parent from 14.1 on', async () => {
    for (const [tmos, linked] of [
      ['13.1', false],
      ['14.1', true],
    ] as const) {
      const client = await startTest({ tmos });
      const { body } = await client.post('ltm/monitor/tcp', { name: 'm' });
      expect('defaultsFromReference' in body).toBe(linked);
    }
  });

  it('never show a password', async () => {
    const client = await startTest();
    const { text } = await client.post('ltm/monitor/http', { name: 'm', username: 'u', password: 'hunter2' });
    expect(text).not.toContain('hunter2');
    expect(JSON.stringify([client.emulator.dump(), client.emulator.log.entries()])).not.toContain('hunter2');
  });
});

describe('parts of an object', () => {
  it('a PATCH to automap keeps the SNAT pool until it is told to let go', async () => {
    const client = await startTest();
    await ok(client.post('ltm/snatpool', { name: 's', members: ['10.9.9.9'] }));
    const sourceAddressTranslation = { type: 'snat', pool: '/Common/s' };
    await ok(client.post('ltm/virtual', { name: 'v', destination: '10.1.1.1:80', sourceAddressTranslation }));
    const kept = await client.patch('ltm/virtual/~Common~v', { sourceAddressTranslation: { type: 'automap' } });
    expect(kept.body.sourceAddressTranslation).toMatchObject({ type: 'automap', pool: '/Common/s' });
    expect((await client.delete('ltm/snatpool/~Common~s')).status).toBe(400);
    const free = await client.patch('ltm/virtual/~Common~v', {
      sourceAddressTranslation: { type: 'automap', pool: 'none' },
    });
    expect(free.body.sourceAddressTranslation).toEqual({ type: 'automap' });
    await ok(client.delete('ltm/snatpool/~Common~s'));
  });

  it('a PATCH of a part of a nested property keeps the rest', async () => {
    const client = await startTest();
    await ok(client.post('ltm/profile/http', { name: 'h', enforcement: { maxHeaderCount: 32 } }));
    const { body } = await client.patch('ltm/profile/http/~Common~h', { enforcement: { pipeline: 'reject' } });
    expect(body.enforcement).toMatchObject({ maxHeaderCount: 32, pipeline: 'reject', maxHeaderSize: 32_768 });
  });

  it('a PUT of the members collection replaces all of it', async () => {
    const client = await startTest();
    await ok(client.post('ltm/pool', { name: 'p', members: ['10.0.0.1:80'] }));
    await ok(
      client.put('ltm/pool/~Common~p/members', { items: [{ name: '10.0.0.2:80' }, { name: '/Common/10.0.0.3:80' }] }),
    );
    expect(names(await client.get('ltm/pool/~Common~p/members'))).toEqual([
      '/Common/10.0.0.2:80',
      '/Common/10.0.0.3:80',
    ]);
    expect((await client.put('ltm/pool', {})).status).toBe(405);
  });

  it('/Common/none is no monitor: unset on a pool, printed on a member', async () => {
    const client = await startTest();
    await ok(
      client.post('ltm/pool', {
        name: 'p',
        monitor: '/Common/http',
        members: [{ name: '10.0.0.1:80', monitor: '/Common/none' }],
      }),
    );
    const member = await client.get('ltm/pool/~Common~p/members/~Common~10.0.0.1:80');
    expect(member.body).toMatchObject({ monitor: '/Common/none ', session: 'user-enabled', state: 'unchecked' });
    expect((await client.patch('ltm/pool/~Common~p', { monitor: '/Common/none' })).body).not.toHaveProperty('monitor');
  });

  it('a partition goes with its root folder', async () => {
    const client = await withPartition();
    await ok(client.post('ltm/pool', { name: 'p', partition: 'P' }));
    expect(await message(client.delete('sys/folder/~P'))).toContain('0107082a');
    await ok(client.delete('ltm/pool/~P~p'));
    await ok(client.delete('sys/folder/~P'));
    expect((await client.get('auth/partition/P')).status).toBe(404);
  });
});
