import { afterEach, describe, expect, it } from 'vitest';
import { ask, cleanUp, dial, tcpBackend, until } from '../dataplane/test-kit.ts';
import { startTest } from '../test-kit.ts';
import { box, get } from './test-kit.ts';

afterEach(cleanUp);

describe('iRules on traffic', () => {
  it('redirects with the stock rule of the system', async () => {
    const client = await box('when RULE_INIT { }');
    await client.patch('ltm/virtual/~Common~vs', { rules: ['/Common/_sys_https_redirect'] });
    const { status, headers } = await get(client.port(), '/a');
    expect([status, headers['location']]).toEqual([302, 'https://foo.bar.com/']);
    const stats = (await client.get('ltm/rule/~Common~_sys_https_redirect/stats')).text;
    expect(stats).toContain('"totalExecutions":{"value":1}');
  });

  it('chooses pools by URI and by data-group, answers itself, and rewrites', async () => {
    const client = await box(`
      # routes
      when HTTP_REQUEST priority 100 {
        switch -glob [string tolower [HTTP::path]] {
          "/other*" { pool other }
          "/teapot" { HTTP::respond 418 content "no coffee" Content-Type text/plain X-Tea yes }
          default {
            if { [class match [HTTP::path] starts_with paths] } {
              pool [class match -value [HTTP::path] starts_with paths]
            } elseif { [HTTP::header exists X-Rewrite] and not ([HTTP::method] equals "POST") } {
              HTTP::uri "/new?[HTTP::query]"
              HTTP::header insert X-Client [IP::client_addr] X-Num [HTTP::request_num]
              HTTP::header remove X-Rewrite
              HTTP::cookie insert name c value 2
            }
          }
        }
      }
      when HTTP_RESPONSE {
        HTTP::header replace X-Backend "[LB::server pool]"
        HTTP::cookie remove id
        if { [HTTP::status] == 200 } { HTTP::header insert X-Ok 1 }
      }`);
    await client.post('ltm/data-group/internal', {
      name: 'paths',
      type: 'string',
      records: [{ name: '/img', data: 'other' }],
    });
    const port = client.port();
    expect((await get(port, '/OTHER/1')).body).toMatch(/^other /);
    expect((await get(port, '/img/a.png')).body).toMatch(/^other /);
    const tea = await get(port, '/teapot');
    expect([tea.status, tea.body, tea.headers['x-tea'], tea.headers['server']]).toEqual([
      418,
      'no coffee',
      'yes',
      'BigIP',
    ]);
    const seen = await get(port, '/old?q=1', { 'X-Rewrite': '1', Cookie: 'a=1' });
    expect(seen.body).toMatch(/^default GET \/new\?q=1 /);
    expect(seen.body).toContain('"x-client":"127.0.0.1","x-num":"1"');
    expect(seen.body).toContain('"cookie":"a=1; c=2"');
    expect(seen.body).not.toContain('x-rewrite');
    expect(seen.headers).toMatchObject({ 'x-backend': '/Common/default', 'x-ok': '1' });
    expect(seen.headers).not.toHaveProperty('set-cookie');
    await client.patch('ltm/data-group/internal/~Common~paths', { records: [] });
    expect((await get(port, '/img/a.png')).body).toMatch(/^default /);
  });

  it('keeps variables for a connection, static ones and the table for all', async () => {
    const client = await box(`
      when RULE_INIT { set static::limit 3 }
      when CLIENT_ACCEPTED { set count 0 }
      when HTTP_REQUEST {
        incr count
        set all [table incr "hits:[IP::client_addr]"]
        if { $all > $static::limit } {
          HTTP::respond 429 content "slow down" Retry-After 60
        } else {
          HTTP::respond 200 content "$count of $all"
        }
      }`);
    const two = 'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect(await ask(client.port(), two)).toMatch(/1 of 1[\s\S]*2 of 2$/);
    expect(await ask(client.port(), two)).toMatch(/1 of 3[\s\S]*429 Too Many Requests[\s\S]*slow down$/);
  });

  it('runs procedures, other rules by their priority, and nothing after event disable', async () => {
    const client = await box(`
      proc shout { text { mark ! } } { return "[string toupper $text]$mark" }
      when HTTP_REQUEST priority 800 { HTTP::respond 200 content [join $trace ,] }`);
    const first = 'when HTTP_REQUEST priority 200 { lappend trace [call shout a]; event HTTP_RESPONSE disable }';
    await client.post('ltm/rule', { name: 'first', apiAnonymous: `${first}\nproc shout {text} { return $text }` });
    await client.post('ltm/rule', {
      name: 'second',
      apiAnonymous: 'when HTTP_REQUEST { lappend trace b; return; lappend trace never }',
    });
    await client.patch('ltm/virtual/~Common~vs', { rules: ['r', 'second', 'first'] });
    expect((await get(client.port(), '/')).body).toBe('a,b');
  });

  it('answers for a pool that is empty, and sends a connection elsewhere at layer 4', async () => {
    const client = await box('when LB_FAILED { HTTP::respond 503 content "sorry" }');
    await client.patch('ltm/pool/~Common~default', { members: [] });
    expect(await get(client.port(), '/')).toMatchObject({ status: 503, body: 'sorry' });
    const backend = await tcpBackend((socket) => socket.end('spare'));
    await client.post('ltm/pool', { name: 'spare', members: [{ name: `127.0.0.1:${backend.port}` }] });
    await client.post('ltm/rule', { name: 'l4', apiAnonymous: 'when LB_FAILED { pool spare }' });
    const body = {
      name: 'l4',
      destination: '10.1.10.51:80',
      ipProtocol: 'tcp',
      pool: 'default',
      profiles: ['tcp'],
      rules: ['l4'],
    };
    await client.post('ltm/virtual', body);
    await client.emulator.dataPlane?.settled();
    const port = client.emulator.listeners().find(({ virtual }) => virtual === '/Common/l4')?.port ?? 0;
    expect(await ask(port)).toBe('spare');
  });

  it('rejects clients before anything is read', async () => {
    const client = await box(
      'when CLIENT_ACCEPTED { if { [IP::addr [IP::client_addr] equals 127.0.0.2/32] } { reject } }',
    );
    const refused = dial(client.port(), '', { localAddress: '127.0.0.2' });
    await until('the client was reset', () => refused.ended());
    expect(refused.ended()).toBe('reset');
    expect((await get(client.port(), '/')).status).toBe(200);
  });

  it.each(['LB_SELECTED', 'SERVER_CONNECTED', 'HTTP_RESPONSE'])(
    'rejects in %s, and leaves no member behind',
    async (event) => {
      const client = await box(`when ${event} { if { [HTTP::uri] ne "/fail" } { reject } else { no_such_command } }`);
      for (const path of ['/', '/fail']) {
        await expect(get(client.port(), path)).rejects.toThrow(/hang up|ECONNRESET/);
      }
      await until('no connection is left', async () =>
        (await client.get('ltm/pool/~Common~default/stats')).text.includes('"serverside.curConns":{"value":0}'),
      );
    },
  );

  it('answers in place of a server', async () => {
    const client = await box(`when HTTP_RESPONSE {
      if { [HTTP::header X-Backend] eq "default" } { HTTP::respond 200 content "masked" }
    }`);
    expect(await get(client.port(), '/')).toMatchObject({ status: 200, body: 'masked' });
  });

  it.each([
    ['an unknown command', 'when HTTP_REQUEST { no_such_command }', 'invalid command name "no_such_command"'],
    [
      'an unset variable',
      'when HTTP_REQUEST { HTTP::respond 200 content $nothing }',
      `can't read "nothing": no such variable`,
    ],
    ['a loop without end', 'when HTTP_REQUEST { while {1} { set a 1 } }', 'the script runs too long'],
    [
      'two answers',
      'when HTTP_REQUEST { HTTP::redirect /a; HTTP::redirect /b }',
      'Multiple redirect/respond invocations',
    ],
    ['a pool that is not there', 'when HTTP_REQUEST { pool nowhere }', 'no such pool: nowhere'],
  ])('resets the connection and counts a failure: %s', async (_what, code, words) => {
    const client = await box(code);
    await expect(get(client.port(), '/')).rejects.toThrow(/hang up|ECONNRESET/);
    expect((await client.get('ltm/rule/~Common~r/stats')).text).toContain('"failures":{"value":1}');
    expect(client.emulator.dataPlane?.ruleLog().at(-1)).toContain(words);
    await expect(get(client.port(), '/')).rejects.toThrow(/hang up|ECONNRESET/);
  });

  it('refuses what is no rule when it is made', async () => {
    const client = await startTest();
    const words = async (apiAnonymous: string): Promise<string> =>
      String((await client.post('ltm/rule', { name: 'x', apiAnonymous })).body.message);
    expect(await words('wehn HTTP_REQUEST { }')).toBe(
      '01070151:3: Rule [/Common/x] error: /Common/x:1: error: [undefined procedure: wehn]',
    );
    expect(await words('when HTTP_REQUEST { set a {')).toMatch(
      /^01070151:3: Rule \[\/Common\/x\] error: .*missing close-brace/,
    );
    expect(await words('when HTTP_REQUEST priority 2000 { }')).toMatch(/01070151:3: .*priority/);
    expect(await words('when HTTP_REQUEST')).toMatch(/01070151:3: .*missing a script after "when"/);
  });

  it('looks into external data-groups and networks', async () => {
    const client = await box(`when HTTP_REQUEST {
      HTTP::respond 200 content "[class match -value [HTTP::header X-Ip] equals nets] [class lookup b names] [class size names]"
    }`);
    const records = [
      { name: '10.0.0.0/8', data: 'wide' },
      { name: '10.1.0.0/16', data: 'narrow' },
    ];
    await client.post('ltm/data-group/internal', { name: 'nets', type: 'ip', records });
    const content = '"a" := "1",\n"b" := "two",\n';
    const range = {
      'Content-Type': 'application/octet-stream',
      'Content-Range': `0-${content.length - 1}/${content.length}`,
    };
    await client.send('POST', '/mgmt/shared/file-transfer/uploads/names.txt', content, range);
    const file = { name: 'names.txt', type: 'string', sourcePath: 'file:/var/config/rest/downloads/names.txt' };
    await client.post('sys/file/data-group', file);
    await client.post('ltm/data-group/external', { name: 'names', type: 'string', externalFileName: 'names.txt' });
    expect((await get(client.port(), '/', { 'X-Ip': '10.1.2.3' })).body).toBe('narrow two 2');
    expect((await get(client.port(), '/', { 'X-Ip': '10.9.2.3' })).body).toBe('wide two 2');
    expect((await get(client.port(), '/', { 'X-Ip': '192.0.2.1' })).body).toBe(' two 2');
  });
});
