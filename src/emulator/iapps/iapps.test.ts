import { describe, expect, it } from 'vitest';
import { startTest } from '../test-kit.ts';
import { deploy, members, owned, services, template, tmsh, upload, uriOf, variables } from './iapp-kit.ts';

const http = {
  name: 'web',
  template: '/Common/f5.http',
  variables: variables({ pool__addr: '10.1.1.1', monitor__monitor: '/#create_new#', monitor__uri: '/a?b="c"' }),
  tables: [{ name: 'pool__hosts', columnNames: ['name'], rows: [{ row: ['a.b'] }] }, members(['10.2.3.4', '8080'])],
};

describe('f5.http', () => {
  it('makes a virtual server, a pool and a monitor that belong to the service', async () => {
    const client = await startTest();
    const made = await client.post(services, http);
    expect(made.body).toMatchObject({
      fullPath: '/Common/web.app/web',
      subPath: 'web.app',
      templateModified: 'no',
      tables: [{ name: 'pool__hosts' }, { name: 'pool__members', rows: [{ row: ['10.2.3.4', '8080', '0'] }] }],
      variables: [
        { name: 'monitor__monitor', encrypted: 'no', value: '/#create_new#' },
        { name: 'monitor__uri' },
        { name: 'pool__addr' },
      ],
    });
    const virtual = (await client.get('ltm/virtual/~Common~web.app~web_vs')).body;
    expect(virtual).toMatchObject({
      appService: '/Common/web.app/web',
      appServiceReference: { link: `https://localhost/mgmt/tm/${uriOf('web')}?ver=17.1.0` },
      destination: '/Common/10.1.1.1:80',
      pool: '/Common/web.app/web_pool',
      sourceAddressTranslation: { type: 'automap' },
    });
    const monitor = (await client.get('ltm/monitor/http/~Common~web.app~web_http_monitor')).body;
    expect(monitor).toMatchObject({
      interval: 30,
      timeout: 91,
      send: String.raw`GET /a?b="c" HTTP/1.1\r\nHost: a.b\r\nConnection: Close\r\n\r\n`,
    });
    const { body: pool } = await client.get('ltm/pool/~Common~web.app~web_pool/members');
    expect(pool.items).toMatchObject([{ fullPath: '/Common/10.2.3.4:8080', appService: '/Common/web.app/web' }]);
    expect((await client.get('sys/folder/~Common~web.app')).body).toMatchObject({ fullPath: '/Common/web.app' });
  });

  it('AC-51 a new member changes the pool alone, and what is no longer asked for goes', async () => {
    const client = await startTest();
    await client.post(services, http);
    const before = (await client.get('ltm/virtual/~Common~web.app~web_vs')).body.generation;
    const tables = [members(['10.2.3.4', '8080'], ['10.2.3.5', '8080'])];
    expect((await client.patch(uriOf('web'), { 'execute-action': 'definition', tables })).status).toBe(200);
    expect((await client.get('ltm/pool/~Common~web.app~web_pool/members')).body.items).toHaveLength(2);
    expect((await client.get('ltm/virtual/~Common~web.app~web_vs')).body.generation).toBe(before);
    const plain = variables({ pool__addr: '10.1.1.1', monitor__monitor: '/Common/http' });
    await client.patch(uriOf('web'), { executeAction: 'definition', variables: plain });
    expect(await owned(client, 'ltm/monitor/http')).toEqual([]);
    expect((await client.get('ltm/pool/~Common~web.app~web_pool')).body.monitor).toBe('/Common/http ');
  });

  it('changes nothing when only its answers are stored', async () => {
    const client = await startTest();
    await client.post(services, http);
    await client.patch(uriOf('web'), { variables: variables({ pool__addr: '10.1.1.9' }), tables: [] });
    expect((await client.get('ltm/virtual/~Common~web.app~web_vs')).body.destination).toBe('/Common/10.1.1.1:80');
    expect((await client.get(uriOf('web'))).body).toMatchObject({ variables: [{ value: '10.1.1.9' }] });
  });

  it('goes with all that it made', async () => {
    const client = await startTest();
    const before = client.emulator.dump();
    await client.post(services, http);
    expect((await client.delete(uriOf('web'))).status).toBe(200);
    const { 'ltm/node': nodes, ...after } = client.emulator.dump();
    expect(nodes).toMatchObject([{ fullPath: '/Common/10.2.3.4' }]);
    expect({ ...after, 'ltm/node': [] }).toEqual(before);
  });

  it('ends TLS, redirects and goes to the servers by TLS when it is told to', async () => {
    const client = await startTest();
    const answers = {
      pool__addr: '10.1.1.1',
      ssl__mode: 'client_ssl_server_ssl',
      ssl__client_ssl_profile: '/#create_new#',
      monitor__monitor: '/#create_new#',
      pool__persist: '/#cookie#',
      pool__redirect_to_https: 'yes',
      server__oneconnect: '/#create_new#',
      client__http_compression: '/#create_new#',
      net__snat_type: 'none',
    };
    expect((await client.post(services, { ...http, variables: variables(answers) })).status).toBe(200);
    const { body } = await client.get('ltm/virtual/~Common~web.app~web_vs?expandSubcollections=true');
    expect(body).toMatchObject({ destination: '/Common/10.1.1.1:443', persist: [{ name: 'cookie' }] });
    const profiles = (body.profilesReference.items as readonly { name: string }[]).map(({ name }) => name);
    expect(profiles).toEqual(
      ['serverssl', 'tcp', 'web_client-ssl', 'web_compression', 'web_http', 'web_oneconnect']
        .map((name) => (name === 'serverssl' ? 'web_server-ssl' : name))
        .sort(),
    );
    expect((await client.get('ltm/virtual/~Common~web.app~web_redir_vs')).body).toMatchObject({
      destination: '/Common/10.1.1.1:80',
      rules: ['/Common/_sys_https_redirect'],
    });
    expect(await owned(client, 'ltm/monitor/https')).toEqual(['/Common/web.app/web_https_monitor']);
  });
});

describe('an application service', () => {
  it('leaves nothing when its script fails', async () => {
    const client = await startTest();
    await template(client, 'tmsh::create ltm pool p members add \\{ 10.0.0.1:80 \\}\nset x $::pool__none');
    const before = client.emulator.dump();
    expect(await deploy(client)).toMatchObject({
      status: 400,
      body: {
        message:
          'script did not successfully complete: (can\'t read "::pool__none": no such variable\n    while executing\n"set x $::pool__none")',
      },
    });
    expect(client.emulator.dump()).toEqual(before);
  });

  it('leaves nothing when what it made does not hold together', async () => {
    const client = await startTest();
    await template(client, 'tmsh::create ltm virtual v destination 10.1.1.1:80 pool nowhere');
    const before = client.emulator.dump();
    expect(await deploy(client)).toMatchObject({ status: 404 });
    expect(client.emulator.dump()).toEqual(before);
  });

  it('keeps no half of a command that its script catches', async () => {
    const client = await startTest();
    await template(
      client,
      'catch { tmsh::create ltm pool p members add \\{ 10.0.0.1:80 nothing:80 \\} }\ntmsh::create ltm pool q',
    );
    expect(await deploy(client)).toMatchObject({ status: 200 });
    expect(await owned(client, 'ltm/pool')).toEqual(['/Common/web.app/q']);
    expect((await client.get('ltm/node')).body.items).toBeUndefined();
  });

  it('AC-55 answers are data, whatever they hold', async () => {
    const client = await startTest();
    const script =
      'set x filled; foreach row $::t { array set c [lindex $row 0]; tmsh::create ltm pool $c(name) description $c(note) }; error "said <$::pool__text>"';
    await template(client, script);
    const text = 'a } $x [error no] ; { "b" \\';
    const notes = ['[exec ls] $x', '"$x"', 'two words'];
    const rows = notes.map((note, at) => ({ row: [`r${at}`, note] }));
    const tables = [{ name: 't', columnNames: ['name', 'note'], rows }];
    const said = await deploy(client, { variables: variables({ pool__text: text }), tables });
    expect(said).toMatchObject({ status: 400, body: { message: expect.stringContaining(`said <${text}>`) } });
    await client.patch('sys/application/template/t/actions/definition', {
      implementation: script.replace(/; error.*/v, ''),
    });
    expect(await deploy(client, { tables })).toMatchObject({ status: 200 });
    const pools = (await client.get('ltm/pool')).body.items as readonly { readonly description: string }[];
    expect(pools.map(({ description }) => description)).toEqual(['[exec ls] $x', '$x', 'two words']);
  });

  it('is what alone may write its objects, while updates are strict', async () => {
    const client = await startTest();
    await client.post(services, http);
    const pool = 'ltm/pool/~Common~web.app~web_pool';
    const refused = {
      status: 400,
      body: { message: expect.stringContaining('must be updated using an application management interface') },
    };
    expect(await client.patch(pool, { description: 'x' })).toMatchObject(refused);
    expect(await client.post(`${pool}/members`, { name: '10.0.0.9:80' })).toMatchObject(refused);
    expect(await client.delete('ltm/virtual/~Common~web.app~web_vs')).toMatchObject(refused);
    expect(await client.post('ltm/pool', { name: 'q', subPath: 'web.app' })).toMatchObject({ status: 400 });
    expect(await tmsh(client, 'modify ltm pool web.app/web_pool description x')).toContain(
      'application management interface',
    );
    expect((await client.patch(uriOf('web'), { strictUpdates: 'disabled' })).status).toBe(200);
    expect((await client.patch(pool, { description: 'x' })).body).toMatchObject({
      description: 'x',
      appService: '/Common/web.app/web',
    });
    expect(await client.put(pool, { description: 'y' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('the object ownership cannot be changed to ()') },
    });
    expect((await client.put(pool, { description: 'y', appService: '/Common/web.app/web' })).status).toBe(200);
  });

  it('stays while something of others points at what it made', async () => {
    const client = await startTest();
    await client.post(services, http);
    await client.post('ltm/virtual', { name: 'v', destination: '10.1.1.2:80', pool: '/Common/web.app/web_pool' });
    const before = client.emulator.dump();
    expect((await client.delete(uriOf('web'))).status).toBe(400);
    expect(client.emulator.dump()).toEqual(before);
  });

  it('may run for who may write what the script writes', async () => {
    const client = await startTest({
      users: [
        { name: 'admin', password: 'admin' },
        { name: 'm', password: 'm', role: 'manager', partitions: ['P'] },
      ],
    });
    await client.post('auth/partition', { name: 'P' });
    await template(client, 'tmsh::create ltm pool $::pool__path');
    const as = { Authorization: `Basic ${Buffer.from('m:m').toString('base64')}` };
    const body = {
      name: 'a',
      partition: 'P',
      template: '/Common/t',
      variables: variables({ pool__path: '/Common/x' }),
    };
    expect((await client.send('POST', `/mgmt/tm/${services}`, body, as)).body.message).toContain('may not write');
    const own = { ...body, variables: variables({ pool__path: 'x' }) };
    expect((await client.send('POST', `/mgmt/tm/${services}`, own, as)).status).toBe(200);
    expect(await owned(client, 'ltm/pool')).toEqual(['/P/a.app/x']);
  });

  it('is not taken away by who may not write all that it made', async () => {
    const client = await startTest({
      users: [
        { name: 'admin', password: 'admin' },
        { name: 'm', password: 'm', role: 'manager', partitions: ['Common'] },
      ],
    });
    await client.post('auth/partition', { name: 'P' });
    await template(client, 'tmsh::create ltm pool $::pool__path');
    expect(await deploy(client, { variables: variables({ pool__path: '/P/x' }) })).toMatchObject({ status: 200 });
    const as = { Authorization: `Basic ${Buffer.from('m:m').toString('base64')}` };
    const uri = `/mgmt/tm/${uriOf('web')}`;
    const change = { 'execute-action': 'definition', variables: variables({ pool__path: 'y' }) };
    const refused = [await client.send('DELETE', uri, undefined, as), await client.send('PATCH', uri, change, as)];
    expect(refused.map(({ body }) => body.message)).toEqual(
      refused.map(() => expect.stringContaining('may not write Pool objects in partition P')),
    );
    expect(await owned(client, 'ltm/pool')).toEqual(['/P/x']);
    expect((await client.delete(uri)).status).toBe(200);
    expect(await owned(client, 'ltm/pool')).toEqual([]);
  });

  it('may make another one, and not without end', async () => {
    const client = await startTest();
    await template(
      client,
      'set next [string range $tmsh::app_name 1 end]; tmsh::create ltm pool p; if {$next ne ""} { tmsh::create sys application service /Common/$next template /Common/t }',
    );
    expect(await deploy(client, { name: 'abc' })).toMatchObject({ status: 200 });
    expect(await owned(client, 'ltm/pool')).toEqual(['abc', 'bc', 'c'].map((name) => `/Common/${name}.app/p`));
    expect(await deploy(client, { name: 'xxxxxxxx' })).toMatchObject({ status: 400 });
  });

  it('runs in a transaction for who asked for it', async () => {
    const client = await startTest({
      users: [
        { name: 'admin', password: 'admin' },
        { name: 'm', password: 'm', role: 'manager', partitions: ['P'] },
      ],
    });
    await client.post('auth/partition', { name: 'P' });
    await template(client, 'if {[info exists ::a__path]} { tmsh::create ltm pool $::a__path }');
    await client.post(services, { name: 'a', partition: 'P', template: '/Common/t' });
    const headers = { Authorization: `Basic ${Buffer.from('m:m').toString('base64')}` };
    const { body } = await client.send('POST', '/mgmt/tm/transaction', {}, headers);
    const uri = '/mgmt/tm/sys/application/service/~P~a.app~a';
    const change = { 'execute-action': 'definition', variables: variables({ a__path: '/Common/x' }) };
    await client.send('PATCH', uri, change, { ...headers, 'X-F5-REST-Coordination-Id': String(body.transId) });
    const commit = await client.send('PATCH', `/mgmt/tm/transaction/${body.transId}`, { state: 'VALIDATING' }, headers);
    expect([commit.status, commit.body.message]).toEqual([400, expect.stringContaining('may not write')]);
  });

  it('is not made within a transaction, and neither is a template', async () => {
    const client = await startTest();
    const commits = [
      await client.transact(['POST', services, http]),
      await client.transact(['POST', 'sys/application/template', { name: 't' }]),
    ];
    expect(commits.map(({ status }) => status)).toEqual([400, 400]);
  });

  it('refuses answers that are none', async () => {
    const client = await startTest();
    await template(client, '');
    const bad: readonly object[] = [
      { variables: [{ value: 'x' }] },
      { variables: [{ name: 'a', other: 'x' }] },
      { variables: [{ name: 'a', encrypted: 'perhaps' }] },
      { variables: 'a b' },
      { tables: [{ name: 't', columnNames: ['a'], rows: [{ row: ['1', '2'] }] }] },
      { tables: [{ name: 't', columnNames: ['a'], rows: ['x'] }] },
      { lists: [{ name: 'l', value: [{}] }] },
      { 'execute-action': 'other' },
      { template: 'none' },
    ];
    const answers = await Promise.all(bad.map(async (body) => (await deploy(client, body)).status));
    expect(answers).toEqual(bad.map(() => 400));
    expect(await deploy(client, { template: '/Common/nope' })).toMatchObject({ status: 404 });
  });

  it('keeps encrypted answers encrypted, and scripts hand them on as they are', async () => {
    const client = await startTest();
    await template(client, 'tmsh::create ltm monitor http m username u password $::a__pw');
    const answer = await deploy(client, { variables: [{ name: 'a__pw', encrypted: 'yes', value: 'open sesame' }] });
    expect(answer).toMatchObject({
      body: { variables: [{ encrypted: 'yes', value: expect.stringMatching(/^\$M\$/v) }] },
    });
    expect(JSON.stringify(client.emulator.dump())).not.toContain('sesame');
    const inputs =
      'variables add { a__pw { encrypted yes value sesame } } lists add { a { encrypted yes value { sesame } } }';
    await tmsh(client, `create sys application service other template t ${inputs}`);
    await client.patch(uriOf('web'), { variables: [{ name: 'a__password', value: 'sesame' }] });
    const { body: log } = await client.get('/emulator/log');
    expect(JSON.stringify(log)).toContain('a__pw');
    expect(JSON.stringify(log)).not.toContain('sesame');
    await client.post('ltm/monitor/http', { name: 'n', username: 'u', password: 'open sesame' });
    const [ours, plain] = await Promise.all(
      ['~Common~web.app~m', 'n'].map(async (name) => (await client.get(`ltm/monitor/http/${name}`)).body.password),
    );
    expect(ours).toBe(plain);
  });
});

describe('an application template', () => {
  const text = `cli admin-partitions { update-partition Common }
sys application template /Common/own {
    actions {
        definition {
            html-help {
                <p>"quoted" &amp; { braces }</p>
            }
            implementation {
                # a comment with "one quote
                tmsh::create ltm pool \${::tmsh::app_name}_p description "\\"a b\\""
            }
            presentation {
                section pool { string addr required }
            }
            role-acl { admin manager }
        }
    }
    description "two words"
    requires-bigip-version-min 11.6.0
    requires-modules { ltm }
}
`;

  it('comes as a file, prints as it came, and is loaded again', async () => {
    const client = await startTest();
    await upload(client, 'own.tmpl', text);
    expect(await tmsh(client, 'load sys application template /var/config/rest/downloads/own.tmpl')).toBe('');
    const { body } = await client.get('sys/application/template/own/actions/definition');
    expect(body.implementation).toContain('one quote');
    expect(body).toMatchObject({
      kind: 'tm:sys:application:template:actions:actionsstate',
      roleAcl: ['admin', 'manager'],
    });
    const printed = await tmsh(client, 'list sys application template own');
    await upload(client, 'again.conf', printed.replaceAll('template own', 'template other'));
    await tmsh(client, 'load sys config merge file /var/config/rest/downloads/again.conf');
    const again = (await client.get('sys/application/template/other/actions/definition')).body;
    expect([again.implementation, again.htmlHelp]).toEqual([body.implementation, body.htmlHelp]);
    await client.post(services, { name: 'web', template: '/Common/other' });
    expect((await client.get('ltm/pool/~Common~web.app~web_p')).body.description).toBe('a b');
  });

  it('is made, deployed and taken away by tmsh', async () => {
    const client = await startTest();
    const create = String.raw`create sys application template t actions add { definition { implementation { tmsh::create ltm pool \$::pool__name members add \\{ 10.0.0.1:80 \\} } presentation { section pool { } } } }`;
    expect(await tmsh(client, create)).toBe('');
    const inputs =
      'variables add { pool__name { value pool1 } } tables add { t { column-names { a b } rows { { row { 1 2 } } { row { 3 4 } } } } } lists add { l { value { x y } } }';
    expect(await tmsh(client, `create sys application service web template t ${inputs}`)).toBe('');
    expect((await client.get(uriOf('web'))).body).toMatchObject({
      lists: [{ name: 'l', encrypted: 'no', value: ['x', 'y'] }],
      tables: [{ name: 't', columnNames: ['a', 'b'], rows: [{ row: ['1', '2'] }, { row: ['3', '4'] }] }],
    });
    expect(await owned(client, 'ltm/pool')).toEqual(['/Common/web.app/pool1']);
    const change = 'variables modify { pool__name { value pool2 } } execute-action definition';
    expect(await tmsh(client, `modify sys application service web.app/web ${change}`)).toBe('');
    expect(await owned(client, 'ltm/pool')).toEqual(['/Common/web.app/pool2']);
    expect((await client.delete('sys/application/template/t')).status).toBe(400);
    expect(await tmsh(client, 'delete sys application service web.app/web')).toBe('');
    expect(await tmsh(client, 'delete sys application template t')).toBe('');
    expect(await owned(client, 'ltm/pool')).toEqual([]);
  });

  it('is saved with its services, and both come back without running', async () => {
    const client = await startTest();
    await template(client, 'tmsh::create ltm pool p');
    await deploy(client, { tables: [members(['10.0.0.1', '80'])], variables: variables({ pool__x: 'a "b" {' }) });
    const before = client.emulator.dump();
    await tmsh(client, 'save sys config');
    await client.post('ltm/pool', { name: 'later' });
    await tmsh(client, 'load sys config');
    const after = client.emulator.dump();
    for (const path of ['ltm/pool', services, 'sys/application/template/actions', 'sys/folder']) {
      const shown = (of: typeof after): unknown =>
        (of[path] ?? []).map(({ fullPath, values }) => ({ fullPath, values }));
      expect(shown(after)).toEqual(shown(before));
    }
  });

  it('is held to its checksum once it has one', async () => {
    const client = await startTest();
    await upload(client, 'own.tmpl', text);
    const load = 'load sys application template /var/config/rest/downloads/own.tmpl';
    await tmsh(client, load);
    await tmsh(client, 'generate sys application template own checksum');
    const own = 'sys/application/template/own';
    const { body } = await client.get(own);
    expect(body).toMatchObject({ totalSigningStatus: 'checksum', verificationStatus: 'checksum-verified' });
    expect(body.tmplChecksum).toMatch(/^[\da-f]{32}$/v);
    await upload(client, 'own.tmpl', text.replace('a b', 'c d'));
    expect(await tmsh(client, load)).toContain('content does not match the checksum');
    await client.patch(own, { tmplChecksum: null });
    expect(await tmsh(client, load)).toBe('');
    await tmsh(client, 'generate sys application template own checksum');
    expect((await client.get(own)).body.tmplChecksum).not.toBe(body.tmplChecksum);
  });

  it('that changes is noted at its services until they run again', async () => {
    const client = await startTest();
    await template(client, 'tmsh::create ltm pool p');
    await deploy(client);
    await client.patch('sys/application/template/t/actions/definition', { implementation: 'tmsh::create ltm pool q' });
    expect((await client.get(uriOf('web'))).body.templateModified).toBe('yes');
    await client.patch(uriOf('web'), { 'execute-action': 'definition' });
    expect((await client.get(uriOf('web'))).body.templateModified).toBe('no');
    expect(await owned(client, 'ltm/pool')).toEqual(['/Common/web.app/q']);
  });

  it('tells what a device lacks', async () => {
    const client = await startTest({ tmos: '13.1' });
    const needs = {
      requiresModules: ['ltm', 'asm'],
      requiresBigipVersionMin: '14.0.0',
      requiresBigipVersionMax: '12.1',
    };
    const { body } = await client.post('sys/application/template', { name: 't', ...needs });
    expect(body.prerequisiteErrors).toBe(
      'This template requires module asm, which is not provisioned. This template requires BIG-IP version 14.0.0 or later. This template requires BIG-IP version 12.1 or earlier.',
    );
    expect((await client.post(services, { name: 'web', template: 't' })).body.templatePrerequisiteErrors).toContain(
      'asm',
    );
  });

  it('of F5 whose script is not here says so', async () => {
    const client = await startTest();
    const answer = await client.post(services, { name: 'web', template: '/Common/f5.ldap' });
    expect(answer.body.message).toContain('the emulator has no script for f5.ldap');
  });
});
