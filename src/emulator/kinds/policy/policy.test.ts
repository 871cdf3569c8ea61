import { describe, expect, it } from 'vitest';
import { startTest, type Client, type TestReply } from '../../test-kit.ts';

const condition = { name: '0', httpUri: true, path: true, startsWith: true, values: ['/a'] };
const action = { name: '0', forward: true, select: true, pool: '/Common/p' };
const rule = { name: 'r', conditions: [condition], actions: [action] };
const draftBody = {
  name: 'pol',
  partition: 'Common',
  subPath: 'Drafts',
  strategy: '/Common/first-match',
  rules: [rule],
};
const draftUri = 'ltm/policy/~Common~Drafts~pol';
const publishBody = { command: 'publish', name: '/Common/Drafts/pol' };
const virtual = { name: 'v', destination: '10.1.1.1:80', ipProtocol: 'tcp', profiles: ['/Common/tcp', '/Common/http'] };

function words({ status, body }: TestReply): string {
  return `${status} ${body?.message ?? ''}`;
}

async function start(tmos = '17.1'): Promise<Client> {
  const client = await startTest({ tmos });
  expect((await client.post('ltm/pool', { name: 'p' })).status).toBe(200);
  return client;
}

async function published(tmos?: string): Promise<Client> {
  const client = await start(tmos);
  expect(words(await client.post('ltm/policy', draftBody))).toBe('200 ');
  expect(words(await client.post('ltm/policy', publishBody))).toBe('200 ');
  return client;
}

describe('drafts of policies', () => {
  it('are made in a folder that comes along, and say what they control and require', async () => {
    const client = await start();
    const { body } = await client.post('ltm/policy', draftBody);
    expect(body).toMatchObject({
      kind: 'tm:ltm:policy:policystate',
      fullPath: '/Common/Drafts/pol',
      subPath: 'Drafts',
      status: 'draft',
      controls: ['forwarding'],
      requires: ['http'],
      references: {},
      strategyReference: { link: 'https://localhost/mgmt/tm/ltm/policy-strategy/~Common~first-match?ver=17.1.0' },
    });
    expect((await client.get('sys/folder/~Common~Drafts')).status).toBe(200);
  });

  it('are published by a command: the published policy has the rules, and the draft is gone', async () => {
    const client = await start();
    await client.post('ltm/policy', draftBody);
    const reply = await client.post('ltm/policy', publishBody);
    expect(reply.body).toEqual({ kind: 'tm:ltm:policy:publishstate', ...publishBody });
    expect(words(await client.get(draftUri))).toBe(
      '404 01020036:3: The requested Policy (/Common/Drafts/pol) was not found.',
    );
    const { body } = await client.get('ltm/policy/~Common~pol?expandSubcollections=true');
    expect(body.status).toBe('published');
    const [shown] = body.rulesReference.items;
    expect(shown.conditionsReference.items[0]).toMatchObject({ startsWith: true, values: ['/a'] });
    expect(shown.conditionsReference.items[0]).not.toHaveProperty('equals');
    expect(shown.actionsReference.items[0]).toMatchObject({ pool: '/Common/p', request: true });
    expect(shown.actionsReference.items[0].selfLink).toBe(
      'https://localhost/mgmt/tm/ltm/policy/~Common~pol/rules/r/actions/0?ver=17.1.0',
    );
  });

  it('can be made of a published policy, changed, and published in its place while it is on a virtual server', async () => {
    const client = await published();
    expect(words(await client.post('ltm/virtual', { ...virtual, policies: ['/Common/pol'] }))).toBe('200 ');
    expect(words(await client.patch('ltm/policy/~Common~pol', { createDraft: true }))).toBe('200 ');
    expect(words(await client.patch('ltm/policy/~Common~pol?options=create-draft', {}))).toBe(
      '409 01020066:3: The requested Policy (/Common/Drafts/pol) already exists in partition Common.',
    );
    const added = await client.post(`${draftUri}/rules`, { name: 'other', ordinal: 2 });
    expect(added.body).toMatchObject({ kind: 'tm:ltm:policy:rules:rulesstate', fullPath: 'other', ordinal: 2 });
    expect((await client.get('ltm/policy/~Common~pol/rules')).body.items).toHaveLength(1);
    expect(words(await client.post('ltm/policy', publishBody))).toBe('200 ');
    expect((await client.get('ltm/policy/~Common~pol/rules')).body.items).toHaveLength(2);
    expect((await client.get('ltm/virtual/~Common~v/policies')).body.items[0]).toMatchObject({
      nameReference: { link: 'https://localhost/mgmt/tm/ltm/policy/~Common~pol?ver=17.1.0' },
    });
  });

  it('are not made beside a published policy, nor put on a virtual server', async () => {
    const client = await published();
    expect(words(await client.post('ltm/policy', draftBody))).toBe(
      '400 01070734:3: Configuration error: Published policy "/Common/pol" exists, use create-draft to create a draft copy .',
    );
    await client.patch('ltm/policy/~Common~pol', { createDraft: true });
    expect(words(await client.post('ltm/virtual', { ...virtual, policies: ['/Common/Drafts/pol'] }))).toMatch(
      /^400 01071726/v,
    );
  });
});

describe('published policies', () => {
  it('refuse changes, on themselves and below', async () => {
    const client = await published();
    const text =
      "400 Cannot create/modify published policy '/Common/pol' directly, try specifying a draft folder like '/Common/Drafts/pol'.";
    const uri = 'ltm/policy/~Common~pol';
    const before = JSON.stringify(client.emulator.dump());
    expect(words(await client.patch(uri, { description: 'x' }))).toBe(text);
    expect(words(await client.put(uri, { rules: [] }))).toBe(text);
    expect(words(await client.post(`${uri}/rules`, { name: 'x' }))).toBe(text);
    expect(words(await client.patch(`${uri}/rules/r`, { ordinal: 3 }))).toBe(text);
    expect(words(await client.delete(`${uri}/rules/r`))).toBe(text);
    expect(words(await client.patch(`${uri}/rules/r/actions/0`, { pool: 'none' }))).toBe(text);
    expect(words(await client.delete(`${uri}/rules/r/conditions/0`))).toBe(text);
    expect(words(await client.post('ltm/policy', { ...draftBody, name: 'q', subPath: '' }))).toBe(
      "400 Cannot create/modify published policy '/Common/q' directly, try specifying a draft folder like '/Common/Drafts/q'.",
    );
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });

  it('made with legacy are open for changes below, and by legacy on themselves', async () => {
    const client = await start('12.1');
    const legacy = {
      name: 'pol',
      strategy: '/Common/first-match',
      legacy: true,
      controls: ['forwarding'],
      requires: ['http'],
    };
    expect((await client.post('ltm/policy', legacy)).body).toMatchObject({ status: 'legacy', requires: ['http'] });
    const uri = 'ltm/policy/~Common~pol';
    expect((await client.post(`${uri}/rules`, { name: 'r' })).body.selfLink).toBe(
      'https://localhost/mgmt/tm/ltm/policy/~Common~pol/rules/~Common~r?ver=12.1.2',
    );
    expect(words(await client.post(`${uri}/rules/~Common~r/conditions`, condition))).toBe('200 ');
    expect(words(await client.post(`${uri}/rules/r/actions`, action))).toBe('200 ');
    expect((await client.get(`${uri}/rules/r/actions/0`)).body).not.toHaveProperty('legacy');
    expect(words(await client.patch(uri, { legacy: true, rules: [] }))).toBe('200 ');
    expect((await client.get(`${uri}/rules`)).body).not.toHaveProperty('items');
  });

  it('are in use while a virtual server has them, and keep their pools in use', async () => {
    const client = await published();
    await client.post('ltm/virtual', { ...virtual, policies: [{ name: 'pol', partition: 'Common' }] });
    expect(words(await client.delete('ltm/policy/~Common~pol'))).toBe(
      '400 01070265:3: The Policy (/Common/pol) cannot be deleted because it is in use by a Virtual Server (/Common/v).',
    );
    expect(words(await client.delete('ltm/pool/~Common~p'))).toBe(
      '400 01070265:3: The Pool (/Common/p) cannot be deleted because it is in use by a policy rule (/Common/pol r).',
    );
    await client.delete('ltm/virtual/~Common~v');
    expect(words(await client.delete('ltm/policy/~Common~pol'))).toBe('200 ');
    expect(words(await client.delete('ltm/pool/~Common~p'))).toBe('200 ');
    const { 'ltm/policy/rules': rules, 'ltm/policy/rules/actions': actions } = client.emulator.dump();
    expect([rules, actions]).toEqual([[], []]);
  });
});

describe('a virtual server with a policy', () => {
  it.each([
    ['13.1', 'http'],
    ['17.1', 'http or http-connect'],
  ])('on %s needs the profiles that the policy requires, whichever of the two changes', async (tmos, type) => {
    const client = await published(tmos);
    const text = `400 010716d9:3: Virtual server /Common/v requires a profile of type ${type} for ltm policy /Common/pol.`;
    const bare = { ...virtual, profiles: ['/Common/tcp'] };
    expect(words(await client.post('ltm/virtual', { ...bare, policies: ['/Common/pol'] }))).toBe(text);
    expect(words(await client.post('ltm/virtual', { ...virtual, policies: ['/Common/pol'] }))).toBe('200 ');
    expect(words(await client.patch('ltm/virtual/~Common~v', { profiles: ['/Common/tcp'] }))).toBe(text);
    expect(words(await client.delete('ltm/virtual/~Common~v/profiles/~Common~http'))).toBe(text);
  });

  it('needs websecurity for asm actions, also when they come with a publish', async () => {
    const client = await published();
    await client.post('ltm/virtual', { ...virtual, policies: ['/Common/pol'] });
    await client.patch('ltm/policy/~Common~pol', { createDraft: true });
    const asm = { name: '1', asm: true, enable: true, policy: '/Common/waf' };
    expect((await client.post(`${draftUri}/rules/r/actions`, asm)).body).toMatchObject({ request: true });
    expect(words(await client.post('ltm/policy', publishBody))).toBe(
      '400 010716d9:3: Virtual server /Common/v requires a profile of type websecurity for ltm policy /Common/pol.',
    );
    await client.post('ltm/virtual/~Common~v/profiles', { name: '/Common/websecurity' });
    expect(words(await client.post('ltm/policy', publishBody))).toBe('200 ');
  });
});

describe('conditions and actions', () => {
  it('get what the body leaves open', async () => {
    const client = await start();
    await client.post('ltm/policy', { ...draftBody, rules: [{ name: 'r' }] });
    const base = `${draftUri}/rules/r`;
    const host = await client.post(`${base}/conditions`, { name: '0', httpHost: true, values: ['a.example.com'] });
    const { kind: _kind, selfLink: _link, generation: _generation, ...shown } = host.body;
    expect(shown).toEqual({
      name: '0',
      fullPath: '0',
      all: true,
      caseInsensitive: true,
      equals: true,
      external: true,
      httpHost: true,
      index: 0,
      present: true,
      remote: true,
      request: true,
      values: ['a.example.com'],
    });
    const sni = await client.post(`${base}/conditions`, { name: '1', sslExtension: true, values: ['a'] });
    expect(sni.body).toMatchObject({ sslClientHello: true, serverName: true });
    const redirect = { name: '0', httpReply: true, redirect: true, location: 'https://a/', code: 301 };
    expect((await client.post(`${base}/actions`, redirect)).body).toMatchObject({
      request: true,
      code: 301,
      status: 0,
    });
    expect((await client.get(draftUri)).body.requires).toEqual(['http', 'ssl-persistence']);
  });

  it('change their words one against another', async () => {
    const client = await start();
    await client.post('ltm/policy', draftBody);
    const uri = `${draftUri}/rules/r/conditions/0`;
    expect((await client.patch(uri, { contains: true, caseSensitive: true })).body).toMatchObject({
      contains: true,
      caseSensitive: true,
      path: true,
      values: ['/a'],
    });
    const { body } = await client.get(uri);
    expect([body.startsWith, body.caseInsensitive]).toEqual([undefined, undefined]);
    const changed = await client.patch(uri, { httpMethod: true });
    expect(changed.body).toMatchObject({ httpMethod: true, all: true });
    expect(changed.body).not.toHaveProperty('path');
  });

  it('are refused with the words of the device, and nothing changes', async () => {
    const client = await start();
    await client.post('ltm/policy', draftBody);
    const before = JSON.stringify(client.emulator.dump());
    const conditions: readonly (readonly [object, string])[] = [
      [{ name: '1' }, "400 01071706:3: Policy '/Common/Drafts/pol', rule 'r'; missing operand."],
      [{ name: 1, httpUri: true }, '400 one or more configuration identifiers must be provided'],
      [{ name: '1', httpUri: true, httpHost: true }, '400 "http-host" may not be specified with "http-uri"'],
      [{ name: '1', httpUri: true, response: true }, '400 "http-uri" may not be specified with "response"'],
      [{ name: '1', httpMethod: true, path: true }, '400 "http-method" may not be specified with "path"'],
      [{ name: '1', tcp: true, port: true, startsWith: true }, '400 "port" may not be specified with "starts-with"'],
      [{ name: '1', nothing: true }, '400 "nothing" unknown property'],
      [
        { name: '0', httpUri: true },
        '409 01020066:3: The requested policy condition (/Common/Drafts/pol r 0) already exists in partition Common.',
      ],
      [
        { name: '1', httpUri: true, datagroup: '/Common/gone' },
        '404 01020036:3: The requested value list (/Common/gone) was not found.',
      ],
    ];
    for (const [body, text] of conditions) {
      expect(words(await client.post(`${draftUri}/rules/r/conditions`, body))).toBe(text);
    }
    const actions: readonly (readonly [object, string])[] = [
      [{ name: '1', forward: true, select: true, replace: true }, '400 "select" may not be specified with "replace"'],
      [
        { name: '1', forward: true, pool: '/Common/no' },
        '404 01020036:3: The requested Pool (/Common/no) was not found.',
      ],
    ];
    for (const [body, text] of actions) {
      expect(words(await client.post(`${draftUri}/rules/r/actions`, body))).toBe(text);
    }
    expect(words(await client.get(`${draftUri}/rules/x`))).toBe(
      '404 01020036:3: The requested policy rule (/Common/Drafts/pol x) was not found.',
    );
    expect(words(await client.post(`${draftUri}/rules/x/actions`, action))).toBe(
      '404 01020036:3: The requested policy rule (/Common/Drafts/pol x) was not found.',
    );
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });

  it('are replaced as a whole by a change of their rule', async () => {
    const client = await start();
    await client.post('ltm/policy', draftBody);
    await client.patch(`${draftUri}/rules/r`, { conditions: [{ name: '0', httpMethod: true, values: ['GET'] }] });
    const { body } = await client.get(`${draftUri}/rules/r?expandSubcollections=true`);
    expect(body.conditionsReference.items).toHaveLength(1);
    expect(body.conditionsReference.items[0]).toMatchObject({ httpMethod: true, values: ['GET'] });
    expect(body.actionsReference.items).toHaveLength(1);
  });
});

describe('policies in transactions', () => {
  it('are made, published and put on a virtual server in one', async () => {
    const client = await start();
    const reply = await client.transact(
      ['POST', 'ltm/policy', draftBody],
      ['POST', 'ltm/policy', publishBody],
      ['POST', 'ltm/virtual', { ...virtual, policies: ['/Common/pol'] }],
    );
    expect(reply.body).toMatchObject({ state: 'COMPLETED' });
    expect((await client.get('ltm/policy/~Common~pol')).body.status).toBe('published');
  });

  it('are made rule by rule, or not at all', async () => {
    const client = await start();
    const before = JSON.stringify(client.emulator.dump());
    const commands = [
      ['POST', 'ltm/policy', { ...draftBody, rules: [] }],
      ['POST', `${draftUri}/rules`, { name: 'r' }],
      ['POST', `${draftUri}/rules/r/conditions`, condition],
    ] as const;
    const bad = await client.transact(...commands, [
      'POST',
      `${draftUri}/rules/r/actions`,
      { ...action, pool: '/Common/x' },
    ]);
    expect(bad.body.message).toBe('transaction failed:01020036:3: The requested Pool (/Common/x) was not found.');
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
    const good = await client.transact(...commands, ['POST', `${draftUri}/rules/r/actions`, action]);
    expect(good.body).toMatchObject({ state: 'COMPLETED' });
  });

  it('change while they are in use: draft, edit and publish in one', async () => {
    const client = await published();
    await client.post('ltm/virtual', { ...virtual, policies: ['/Common/pol'] });
    const reply = await client.transact(
      ['PATCH', 'ltm/policy/~Common~pol', { createDraft: true }],
      ['PATCH', `${draftUri}/rules/r/conditions/0`, { values: ['/b'] }],
      ['DELETE', `${draftUri}/rules/r/actions/0`],
      ['POST', `${draftUri}/rules/r/actions`, { name: '0', httpReply: true, location: 'https://b/' }],
      ['POST', 'ltm/policy', publishBody],
    );
    expect(reply.body).toMatchObject({ state: 'COMPLETED' });
    const rules = (await client.get('ltm/policy/~Common~pol/rules?expandSubcollections=true')).body.items;
    expect(rules[0].conditionsReference.items[0].values).toEqual(['/b']);
    expect(rules[0].actionsReference.items[0]).toMatchObject({ redirect: true, location: 'https://b/' });
    expect((await client.get(draftUri)).status).toBe(404);
  });
});

describe('users of one partition', () => {
  it('change and publish policies there, and nowhere else', async () => {
    const users = [
      { name: 'admin', password: 'admin' },
      { name: 'ops', password: 'ops', role: 'manager', partitions: ['P'] },
    ];
    const client = await startTest({ users });
    await client.post('auth/partition', { name: 'P' });
    const Authorization = `Basic ${Buffer.from('ops:ops').toString('base64')}`;
    const as = (method: string, path: string, body?: unknown): Promise<TestReply> =>
      client.send(method, path, body, { Authorization });
    for (const partition of ['P', 'Common']) {
      await client.post('ltm/policy', { name: 'x', partition, subPath: 'Drafts', rules: [{ name: 'r' }] });
    }
    expect(words(await as('PATCH', 'ltm/policy/~P~Drafts~x/rules/r', { ordinal: 4 }))).toBe('200 ');
    expect(words(await as('POST', 'ltm/policy', { command: 'publish', name: '/P/Drafts/x' }))).toBe('200 ');
    const denied = /^403 01070822/v;
    expect(words(await as('PATCH', 'ltm/policy/~Common~Drafts~x/rules/r', { ordinal: 4 }))).toMatch(denied);
    expect(words(await as('POST', 'ltm/policy', { command: 'publish', name: '/Common/Drafts/x' }))).toMatch(denied);
    const elsewhere = { command: 'publish', name: 'x', partition: 'Common', subPath: 'Drafts' };
    expect(words(await as('POST', 'ltm/policy', elsewhere))).toMatch(denied);
    expect((await client.get('ltm/policy/~Common~Drafts~x')).body.status).toBe('draft');
  });
});
