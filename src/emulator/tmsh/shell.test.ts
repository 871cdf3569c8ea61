import { afterEach, describe, expect, it } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { ask, cleanUp, namedBackend } from '../dataplane/test-kit.ts';
import { startTest, type Client } from '../test-kit.ts';

afterEach(cleanUp);

/** Runs tmsh by way of `util/bash`; gives what it printed. */
async function tmsh(client: Client, line: string): Promise<string> {
  const { status, body } = await client.post('util/bash', { command: 'run', utilCmdArgs: `-c "tmsh -q -c '${line}'"` });
  expect(status).toBe(200);
  return String(body.commandResult ?? '');
}

async function pool(client: Client): Promise<Record<string, unknown>> {
  return (await client.get('ltm/pool/~Common~p?expandSubcollections=true')).body;
}

describe('tmsh show and delete persist-records', () => {
  it('show who persists where, and forget it, as their options say', async () => {
    const client = await startTest({ dataPlane: () => createDataPlane({ map: 'always' }) });
    const backend = await namedBackend('a');
    const members = [{ name: `127.0.0.1:${backend.port}` }];
    await client.post('ltm/pool', { name: 'p', members });
    const at = { destination: '10.1.10.50:80', ipProtocol: 'tcp', pool: 'p', persist: [{ name: 'source_addr' }] };
    await client.post('ltm/virtual', { name: 'v', ...at, profiles: ['tcp'] });
    await client.emulator.dataPlane?.settled();
    const port = client.emulator.listeners()[0]?.port ?? 0;
    expect([await ask(port), await ask(port, '', { localAddress: '127.0.0.2' })]).toEqual(['a', 'a']);
    const show = 'show ltm persistence persist-records';
    const line = (address: string): string =>
      `source-address  ${address}  10.1.10.50:80  127.0.0.1:${backend.port}  (tmm: 0)`;
    expect(await tmsh(client, show)).toBe(
      ['Sys::Persistent Connections', line('127.0.0.1'), line('127.0.0.2'), 'Total records returned: 2', ''].join('\n'),
    );
    expect(await tmsh(client, `${show} all-properties client-addr 127.0.0.2`)).toMatch(
      /Mode {10}source-address\n {2}Value {9}127\.0\.0\.2\n {2}Age \(sec\.\) {4}\d+\n {2}Virtual Name {2}\/Common\/v\n/,
    );
    expect(await tmsh(client, 'delete ltm persistence persist-records mode source-address client-addr 127.0.0.1')).toBe(
      '',
    );
    expect(await tmsh(client, `${show} virtual v`)).toContain('Total records returned: 1');
    expect(await tmsh(client, `${show} pool other`)).toContain('Total records returned: 0');
    await tmsh(client, 'delete ltm persistence persist-records');
    expect(await tmsh(client, show)).toContain('Total records returned: 0');
    expect(await tmsh(client, `${show} color red`)).toContain('unexpected argument "color"');
  });
});

describe('tmsh', () => {
  it('creates, modifies, lists and deletes objects that REST sees', async () => {
    const client = await startTest();
    expect(
      await tmsh(
        client,
        'create ltm pool p members add { 10.0.0.1:http { address 10.0.0.1 } 10.0.0.2:80 } monitor min 1 of { http tcp } load-balancing-mode least-connections-member description \\"two words\\"',
      ),
    ).toBe('');
    const made = (await client.get('ltm/pool/~Common~p?expandSubcollections=true')).body;
    expect(made).toMatchObject({
      description: 'two words',
      loadBalancingMode: 'least-connections-member',
      monitor: 'min 1 of { /Common/http /Common/tcp }',
    });
    expect(made.membersReference.items.map(({ fullPath }: { fullPath: string }) => fullPath)).toEqual([
      '/Common/10.0.0.1:80',
      '/Common/10.0.0.2:80',
    ]);
    expect(await tmsh(client, 'list ltm pool p')).toBe(
      [
        'ltm pool p {',
        '    description "two words"',
        '    load-balancing-mode least-connections-member',
        '    members {',
        '        10.0.0.1:http {',
        '            address 10.0.0.1',
        '            session monitor-enabled',
        '            state checking',
        '        }',
        '        10.0.0.2:http {',
        '            address 10.0.0.2',
        '            session monitor-enabled',
        '            state checking',
        '        }',
        '    }',
        '    monitor min 1 of { http tcp }',
        '}',
        '',
      ].join('\n'),
    );
    await tmsh(
      client,
      'modify ltm pool p monitor none members modify { 10.0.0.1:80 { session user-disabled } } metadata add { owner { value me } }',
    );
    await tmsh(
      client,
      'modify ltm pool p members delete { 10.0.0.2:80 } ; modify ltm pool p members add { web:8080 { address 10.0.0.9 ratio 3 } }',
    );
    expect(await tmsh(client, 'list ltm pool p one-line')).toBe(
      'ltm pool p { description "two words" load-balancing-mode least-connections-member members { 10.0.0.1:http { address 10.0.0.1 session user-disabled } web:webcache { address 10.0.0.9 ratio 3 } } metadata { owner { persist true value me } } }\n',
    );
    expect(await tmsh(client, 'delete ltm pool p')).toBe('');
    expect((await client.get('ltm/pool/~Common~p')).status).toBe(404);
  });

  it('edits lists of names and of items', async () => {
    const client = await startTest();
    await tmsh(
      client,
      'create ltm rule a { when RULE_INIT { } } ; create ltm rule b { when RULE_INIT { set x \\"a b\\"; set y {c \\} d} } }',
    );
    await tmsh(
      client,
      'create ltm virtual v destination 10.1.1.1:http ip-protocol tcp profiles add { tcp http { } } rules { a } source-address-translation { type automap } vlans-disabled persist replace-all-with { cookie { default yes } }',
    );
    await tmsh(
      client,
      'modify ltm virtual v rules add { b } profiles delete { http } profiles add { clientssl { context clientside } } persist none',
    );
    const { body } = await client.get('ltm/virtual/~Common~v?expandSubcollections=true');
    expect(body.rules).toEqual(['/Common/a', '/Common/b']);
    expect(body.profilesReference.items.map(({ name, context }: Record<string, string>) => [name, context])).toEqual([
      ['clientssl', 'clientside'],
      ['tcp', 'all'],
    ]);
    expect(body.sourceAddressTranslation).toEqual({ type: 'automap' });
    expect(body.persist).toBeUndefined();
    await tmsh(client, 'modify ltm virtual v disabled rules delete { a }');
    expect(await tmsh(client, 'list ltm virtual v disabled rules destination')).toBe(
      'ltm virtual v {\n    destination 10.1.1.1:http\n    disabled\n    rules {\n        b\n    }\n}\n',
    );
    await tmsh(client, 'create ltm data-group internal d type string records add { x { data 1 } y { } }');
    await tmsh(
      client,
      'modify ltm data-group internal d records modify { x { data \\"2 3\\" } } records delete { y } records add { z }',
    );
    expect((await client.get('ltm/data-group/internal/d')).body.records).toEqual([
      { name: 'x', data: '2 3' },
      { name: 'z', data: '' },
    ]);
  });

  it('says what REST says, and changes nothing, when it is refused', async () => {
    const client = await startTest();
    expect(await tmsh(client, 'delete ltm pool nope')).toBe(
      '01020036:3: The requested Pool (/Common/nope) was not found.\n',
    );
    expect(await tmsh(client, 'create ltm pool p monitor nope')).toBe(
      '01020036:3: The requested monitor (/Common/nope) was not found.\n',
    );
    expect(await tmsh(client, 'create ltm pool p colour red')).toBe('Syntax Error: "colour" unknown property\n');
    expect(await tmsh(client, 'create ltm puddle p')).toBe('Syntax Error: unexpected argument "ltm"\n');
    expect(await tmsh(client, 'frobnicate')).toBe('Syntax Error: unexpected argument "frobnicate"\n');
    expect(await tmsh(client, 'create ltm pool a ; create ltm pool a ; create ltm pool b')).toBe(
      '01020066:3: The requested Pool (/Common/a) already exists in partition Common.\n',
    );
    const { items } = (await client.get('ltm/pool')).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['a']);
    expect(await tmsh(client, 'modify ltm pool a')).toBe('Syntax Error: one or more properties must be specified\n');
  });

  it('works in folders, and lists from them', async () => {
    const client = await startTest();
    await tmsh(client, 'create auth partition P description x');
    await tmsh(
      client,
      'cd /P ; create sys folder f ; create ltm pool q ; cd f ; create ltm pool r members add { 10.0.0.3:81 }',
    );
    expect((await client.get('ltm/pool/~P~f~r')).status).toBe(200);
    expect(await tmsh(client, 'cd /P ; list ltm pool one-line')).toBe('ltm pool q { }\n');
    expect(await tmsh(client, 'cd / ; list ltm pool recursive one-line')).toBe(
      'ltm pool P/f/r { members { P/10.0.0.3:81 { address 10.0.0.3 } } }\nltm pool P/q { }\n',
    );
    expect(await tmsh(client, 'cd /nope')).toBe('Syntax Error: The requested folder (/nope) was not found.\n');
    expect(await tmsh(client, 'cd /P ; delete ltm pool all ; list ltm pool')).toBe('');
  });

  it('publishes policies', async () => {
    const client = await startTest();
    const rule =
      'rules add { r { conditions add { 0 { http-uri path starts-with values { /a } } } actions add { 0 { forward select pool p } } } }';
    await tmsh(
      client,
      `create ltm pool p ; create ltm policy Drafts/x strategy first-match ${rule} ; publish ltm policy Drafts/x`,
    );
    const { body } = await client.get('ltm/policy/~Common~x?expandSubcollections=true');
    expect(body.status).toBe('published');
    expect(body.rulesReference.items[0].name).toBe('r');
    expect(await tmsh(client, 'modify ltm policy x rules delete { r }')).toContain('try specifying a draft folder');
  });

  it('shows status as pages and as fields', async () => {
    const client = await startTest();
    await tmsh(
      client,
      'create ltm pool p members add { 10.0.0.1:80 } ; create ltm virtual v destination 10.1.1.1:80 ip-protocol tcp profiles add { tcp } pool p',
    );
    const fields = await tmsh(client, 'show ltm pool p members field-fmt');
    expect(fields).toMatch(/^ltm pool p \{\n {4}active-member-cnt 0\n/v);
    expect(fields).toContain('    members {\n        10.0.0.1:80 {\n            addr 10.0.0.1\n');
    expect(fields).toContain('            status.availability-state unknown\n');
    expect(fields).toContain('    serverside.tot-conns 0\n    status.availability-state unknown\n');
    const page = await tmsh(client, 'show ltm virtual v');
    expect(page).toContain('\nLtm::Virtual Server: v\n');
    expect(page).toMatch(/ {2}Availability +: unknown\n {2}State +: enabled\n {2}Reason +: /v);
    expect(await tmsh(client, 'show ltm rule x')).toContain('Syntax Error');
    expect(await tmsh(client, 'show sys version')).toContain('  Version     17.1');
    expect(await tmsh(client, 'show cm failover-status')).toContain('Cm::Failover Status');
  });

  it('saves the configuration and loads it again', async () => {
    const client = await startTest();
    await tmsh(client, 'create ltm pool kept ; save sys config');
    await tmsh(client, 'create ltm pool lost ; delete ltm pool kept');
    expect(await tmsh(client, 'load sys config')).toBe('Loading configuration...\n  /config/bigip.conf\n');
    expect(await tmsh(client, 'list ltm pool one-line')).toBe('ltm pool kept { }\n');
    await tmsh(client, 'save sys config file one');
    await tmsh(client, 'load sys config default');
    expect(await tmsh(client, 'list ltm pool')).toBe('');
    await tmsh(client, 'load sys config file one.scf');
    expect(await tmsh(client, 'list ltm pool one-line')).toBe('ltm pool kept { }\n');
    expect(
      await tmsh(
        client,
        'load sys config merge from-terminal\nltm pool merged {\n    members {\n        /Common/10.0.0.1:80 { }\n    }\n}\n',
      ),
    ).toBe('Loading configuration...\n  terminal\n');
    expect(await pool(client)).toMatchObject({ code: 404 });
    expect(await tmsh(client, 'list ltm pool merged one-line')).toContain('10.0.0.1:http');
    expect(await tmsh(client, 'load sys config merge verify from-terminal\nltm pool p { }\n')).toContain('Validating');
    expect(
      await tmsh(client, 'load sys config merge from-terminal\nltm pool p { }\nltm pool q {\n    colour red\n}\n'),
    ).toBe(
      'Syntax Error:(terminal at line: 2) "colour" unknown property\nUnexpected Error: Loading configuration process failed.\n',
    );
    expect(await pool(client)).toMatchObject({ code: 404 });
  });

  it('reads phrases one behind another, with braces and without', async () => {
    const client = await startTest({ modules: ['gtm'] });
    await client.post('gtm/datacenter', { name: 'dc' });
    const members = async (): Promise<readonly string[]> =>
      (await client.get('gtm/region/r')).body.regionMembers.map(({ name }: { name: string }) => name);
    expect(await tmsh(client, 'create gtm region r region-members add { not country CN datacenter /Common/dc }')).toBe(
      '',
    );
    expect(await members()).toEqual(['not country CN', 'datacenter /Common/dc']);
    await tmsh(client, 'modify gtm region r region-members replace-all-with { continent EU { } subnet 10.0.0.0/8 }');
    expect(await members()).toEqual(['continent EU', 'subnet 10.0.0.0/8']);
    await tmsh(client, 'modify gtm region r region-members add { not continent EU { } }');
    await tmsh(client, 'modify gtm region r region-members delete { subnet 10.0.0.0/8 }');
    expect(await members()).toEqual(['continent EU', 'not continent EU']);
  });

  it('is what a shell has to write with', async () => {
    const client = await startTest();
    const bash = async (args: string): Promise<unknown> =>
      (await client.post('util/bash', { command: 'run', utilCmdArgs: args })).body.commandResult;
    expect(await bash('-c "vi /config/bigip.conf"')).toBe('/bin/bash: vi: command not found\n');
    expect(await bash('-c "tmsh list ltm pool | vi"')).toBe('/bin/bash: vi: command not found\n');
    expect(await bash('-c "tmsh list ltm pool > /tmp/x"')).toBe('/bin/bash: /tmp/x: command not found\n');
    expect(await bash('-c "tmsh create ltm pool x && tmsh list ltm pool one-line"')).toBe('ltm pool x { }\n');
    expect(await bash(String.raw`-c "tmsh -c \"modify ltm pool x description \\\"a b\\\"\""`)).toBeUndefined();
    expect((await client.get('ltm/pool/x')).body.description).toBe('a b');
    expect(await bash(`-c "tmsh modify ltm pool x description 'c d'"`)).toBeUndefined();
    expect((await client.get('ltm/pool/x')).body.description).toBe('c d');
  });
});

describe('POST /mgmt/tm/sys/config', () => {
  async function upload(client: Client, name: string, text: string): Promise<void> {
    const reply = await client.send('POST', `/mgmt/shared/file-transfer/uploads/${name}`, text, {
      'Content-Type': 'application/octet-stream',
      'Content-Range': `0-${text.length - 1}/${text.length}`,
    });
    expect(reply.status).toBe(200);
  }

  it('merges an uploaded file', async () => {
    const client = await startTest();
    await client.post('ltm/pool', { name: 'there' });
    await upload(
      client,
      'x.conf',
      '#TMSH-VERSION: 17.1.0\n\nltm pool /Common/p {\n    members {\n        /Common/10.0.0.1:80 {\n            address 10.0.0.1\n        }\n    }\n    monitor /Common/http\n}\n',
    );
    const options = [{ merge: true }, { file: '/var/config/rest/downloads/x.conf' }];
    const { status, body } = await client.post('sys/config', { command: 'load', options });
    expect([status, body]).toEqual([200, { kind: 'tm:sys:config:loadstate', command: 'load', options }]);
    expect(await pool(client)).toMatchObject({ monitor: '/Common/http ' });
    expect((await client.get('ltm/pool/there')).status).toBe(200);
  });

  it('refuses a file that is wrong, all of it', async () => {
    const client = await startTest();
    await upload(client, 'x.conf', 'ltm pool /Common/p { }\nltm virtual /Common/v {\n    pool /Common/q\n}\n');
    const file = '/var/config/rest/downloads/x.conf';
    const { status, body } = await client.post('sys/config', { command: 'load', options: [{ merge: true, file }] });
    expect(status).toBe(400);
    expect(body.message).toContain('01020036:3: The requested Pool (/Common/q) was not found.');
    expect((await pool(client))['code']).toBe(404);
    expect(
      (await client.post('sys/config', { command: 'load', options: [{ merge: true, file: '/nope' }] })).body.message,
    ).toBe('/nope: No such file or directory');
  });
});

describe('commands of the system', () => {
  it('run by tmsh, and tell what went wrong', async () => {
    const client = await startTest();
    expect(await tmsh(client, 'run cm config-sync to-group nope')).toContain('nope');
    expect(await tmsh(client, 'run sys failover standby')).toBe('');
    const { name } = (await client.get('cm/device')).body.items[0];
    expect(await tmsh(client, `mv cm device ${name} other.example.com`)).toBe('');
    expect((await client.get('cm/device/~Common~other.example.com')).status).toBe(200);
    expect(await tmsh(client, 'run sys nonsense x')).toBe('Syntax Error: unexpected argument "nonsense"\n');
  });
});
