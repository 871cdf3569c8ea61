import { afterEach, describe, expect, it } from 'vitest';
import { ask, cleanUp, dial, httpBackend, tcpBackend, until } from '../dataplane/test-kit.ts';
import { box, get, portOf, send, type Box } from './test-kit.ts';

afterEach(cleanUp);

/** A box whose members answer with the body and the framing of the request. */
async function echo(code: string): Promise<Box> {
  const client = await box(code);
  const backend = await httpBackend('echo', (incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    incoming.on('end', () => {
      const {
        'content-length': length = '-',
        'transfer-encoding': coding = '-',
        expect: waits = '-',
      } = incoming.headers;
      const text = `${incoming.url} ${length} ${coding} ${waits} ${body}`;
      if (incoming.url !== '/chunks') response.setHeader('Content-Length', Buffer.byteLength(text));
      response.write(text.slice(0, 3));
      response.end(text.slice(3));
    });
  });
  await client.patch('ltm/pool/~Common~default', { members: [{ name: `127.0.0.1:${backend.port}` }] });
  return client;
}

/** A box with a virtual server at layer 4 whose member answers with what it gets. */
async function layer4(code: string, greeting = ''): Promise<Box> {
  const client = await box(code, ['tcp']);
  const backend = await tcpBackend((socket) => {
    if (greeting !== '') socket.write(greeting);
    socket.pipe(socket);
  });
  await client.patch('ltm/pool/~Common~default', { members: [{ name: `127.0.0.1:${backend.port}` }] });
  return client;
}

describe('iRules on bodies', () => {
  it('shows a rule the body of a request, and sends on what it makes of it', async () => {
    const client = await echo(`
      when HTTP_REQUEST { if { [HTTP::method] eq "POST" } { HTTP::collect [HTTP::header Content-Length] } }
      when HTTP_REQUEST_DATA {
        if { [HTTP::payload] contains "attack" } { HTTP::respond 403 content "no" ; return }
        HTTP::header insert X-Was [HTTP::payload length]
        HTTP::payload replace 0 3 "bigger [HTTP::payload 3] [HTTP::payload 1 2]"
      }`);
    const port = client.port();
    const body = await send(port, { method: 'POST', body: ['abcdef'] });
    expect(body.body).toBe('/ 16 - - bigger abc bcdef');
    expect(await send(port, { method: 'POST', body: ['an attack'] })).toMatchObject({ status: 403, body: 'no' });
    expect((await get(port, '/')).body).toBe('/ - - - ');
  });

  it('collects chunked bodies, in part or whole, and answers a client that waits for 100 Continue', async () => {
    const client = await echo(`
      when HTTP_REQUEST { HTTP::collect [HTTP::header X-Collect] }
      when HTTP_REQUEST_DATA { HTTP::payload replace 0 2 XY }`);
    const chunked = { method: 'POST', headers: { 'X-Collect': '4' }, body: ['abcd', 'efgh', 'ijkl'] };
    expect((await send(client.port(), chunked)).body).toBe('/ - chunked - XYcdefghijkl');
    const whole = { ...chunked, headers: { 'X-Collect': '100', Expect: '100-continue' } };
    expect((await send(client.port(), whole)).body).toBe('/ 12 - - XYcdefghijkl');
    const head =
      'POST / HTTP/1.1\r\nHost: a\r\nX-Collect: 2\r\nContent-Length: 6\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n';
    const waiting = dial(client.port(), head);
    await until('the client is asked for the body', () => waiting.text().includes('100 Continue\r\n\r\n'));
    waiting.socket.end('abcdef');
    await until('the answer came', () => waiting.ended());
    expect(waiting.text()).toContain('/ 6 - - XYcdef');
  });

  it('asks for more until the rule has enough, and chooses a pool by the body', async () => {
    const client = await echo(`
      when HTTP_REQUEST { set asked 0; HTTP::collect 2 }
      when HTTP_REQUEST_DATA {
        incr asked
        if { [HTTP::payload length] < 6 } { log local0. "more"; HTTP::collect 6; return }
        HTTP::header insert X-Asked $asked
        if { [HTTP::payload] starts_with "other" } { pool other }
      }`);
    const first = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nConnection: close\r\n\r\not';
    const client1 = dial(client.port(), first);
    const log = (): readonly string[] => client.emulator.dataPlane?.ruleLog() ?? [];
    await until('the rule saw the beginning', () => log().includes('Rule /Common/r <HTTP_REQUEST_DATA>: more'));
    client1.socket.end('her 1');
    await until('the answer came', () => client1.ended());
    expect(client1.text()).toContain('other POST /');
    expect(client1.text()).toContain('"x-asked":"2"');
  });

  it('changes answers with a length, chunked ones, and replaces them', async () => {
    const client = await echo(`
      when HTTP_RESPONSE { if { [HTTP::status] == 200 } { HTTP::collect } }
      when HTTP_RESPONSE_DATA {
        if { [HTTP::payload] contains "secret" } { HTTP::respond 200 content "masked"; return }
        HTTP::payload replace 0 [HTTP::payload length] [string map {/ |} [HTTP::payload]]
        HTTP::payload replace [HTTP::payload length] 0 "!"
        HTTP::header insert X-Length [HTTP::payload length]
      }`);
    const port = client.port();
    const plain = await get(port, '/a');
    expect([plain.body, plain.headers['content-length'], plain.headers['x-length']]).toEqual([
      '|a - - - !',
      '10',
      '10',
    ]);
    const chunked = await get(port, '/chunks');
    expect([chunked.body, chunked.headers['content-length']]).toEqual(['|chunks - - - !', '15']);
    expect((await get(port, '/secret')).body).toBe('masked');
    const two = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect((await ask(port, two)).match(/\|[ab] - - - !/g)).toHaveLength(2);
  });

  it('resets the connection and logs when a rule fails on a body', async () => {
    const client = await echo(`
      when HTTP_REQUEST { HTTP::collect }
      when HTTP_REQUEST_DATA { HTTP::payload replace 0 x y }`);
    await expect(send(client.port(), { method: 'POST', body: ['a'] })).rejects.toThrow(/hang up|ECONNRESET/);
    expect(client.emulator.dataPlane?.ruleLog().at(-1)).toMatch(
      /^01220001:3: TCL error: \/Common\/r <HTTP_REQUEST_DATA> - expected integer but got "x" {5}while executing "HTTP::payload replace 0 x y"$/,
    );
  });
});

describe('iRules on bytes', () => {
  it('holds the first bytes until the rule has chosen a pool by them', async () => {
    const client = await layer4(`
      when CLIENT_ACCEPTED { TCP::collect 6 }
      when CLIENT_DATA {
        if { [TCP::payload 6] eq "SPARE " } { pool spare; TCP::payload replace 0 6 "" }
        TCP::release
      }`);
    const spare = await tcpBackend((socket) => socket.on('data', (data) => socket.end(`spare got ${data.toString()}`)));
    await client.post('ltm/pool', { name: 'spare', members: [{ name: `127.0.0.1:${spare.port}` }] });
    const slow = dial(client.port(), 'SPA');
    slow.socket.write('RE please');
    await until('the answer came', () => slow.ended());
    expect(slow.text()).toBe('spare got please');
    expect(await ask(client.port(), 'hello world')).toBe('hello world');
    expect(await ask(client.port(), 'tiny')).toBe('tiny');
  });

  it('sees every chunk of both sides as long as it collects anew, and may let go a part', async () => {
    const client = await layer4(
      `
      when CLIENT_ACCEPTED { TCP::collect }
      when CLIENT_DATA {
        set line [string first "\\n" [TCP::payload]]
        if { $line < 0 } { return }
        TCP::release [expr { $line + 1 }]
        TCP::collect
      }
      when SERVER_CONNECTED { TCP::collect 1 }
      when SERVER_DATA {
        TCP::payload replace 0 [TCP::payload length] [string toupper [TCP::payload]]
        TCP::release
        TCP::collect 1
      }`,
      'hi\n',
    );
    const one = dial(client.port(), 'a\nb');
    await until('the first line came back', () => one.text() === 'HI\nA\n');
    one.socket.write('c\n');
    await until('the second line came back', () => one.text() === 'HI\nA\nBC\n');
    one.socket.end('rest');
    await until('the connection ended', () => one.ended());
    expect(one.text()).toBe('HI\nA\nBC\nREST');
  });

  it('answers a client by itself and closes in order', async () => {
    const client = await layer4(`
      when CLIENT_ACCEPTED { TCP::respond "220 busy\\r\\n"; TCP::collect 4 }
      when CLIENT_DATA { TCP::respond "221 [TCP::payload 4]\\r\\n"; TCP::close }`);
    expect(await ask(client.port(), 'QUIT')).toBe('220 busy\r\n221 QUIT\r\n');
  });
});

describe('the end of connections', () => {
  it('is told to rules, of members and of clients', async () => {
    const client = await layer4(`
      when SERVER_CLOSED { log -noname local0. "server [IP::server_addr]" }
      when CLIENT_CLOSED { log -noname local0. "client" }`);
    expect(await ask(client.port(), 'x')).toBe('x');
    const log = (): readonly string[] => client.emulator.dataPlane?.ruleLog() ?? [];
    await until('both have ended', () => log().length === 2);
    expect(log().toSorted()).toEqual(['client', 'server 127.0.0.1']);
  });
});

describe('where iRules send connections', () => {
  it('forwards to another virtual server, with its own rules and pool', async () => {
    const client = await box('when HTTP_REQUEST { if { [HTTP::uri] starts_with "/b" } { virtual second } }');
    await client.post('ltm/rule', {
      name: 'inner',
      apiAnonymous: 'when HTTP_REQUEST { HTTP::header insert X-Inner "[virtual] [IP::client_addr]" }',
    });
    const body = { name: 'second', destination: '10.1.10.51:80', ipProtocol: 'tcp', pool: 'other', rules: ['inner'] };
    await client.post('ltm/virtual', { ...body, profiles: ['tcp', 'http'] });
    const port = client.port();
    expect((await get(port, '/a')).body).toMatch(/^default /);
    const inner = await get(port, '/b');
    expect(inner.body).toMatch(/^other .*"x-inner":"\/Common\/second 127\.0\.0\.1"/);
    const stats = (await client.get('ltm/virtual/~Common~second/stats')).text;
    expect(stats).toContain('"clientside.totConns":{"value":1}');
    expect((await get(port, '/b')).status).toBe(200);
    await client.patch('ltm/virtual/~Common~second', { disabled: true });
    await expect(get(port, '/b')).rejects.toThrow(/hang up|ECONNRESET/);
  });

  it('forwards over TLS to a virtual server that ends it, and knows the client there', async () => {
    const client = await box('when CLIENT_ACCEPTED { virtual secure }', ['tcp', 'serverssl']);
    const rules = ['inner'];
    await client.post('ltm/rule', {
      name: 'inner',
      apiAnonymous: 'when HTTP_REQUEST { HTTP::respond 200 content "[SSL::cipher version] [IP::client_addr]" }',
    });
    const body = { name: 'secure', destination: '10.1.10.51:443', ipProtocol: 'tcp', pool: 'other', rules };
    await client.post('ltm/virtual', { ...body, profiles: ['tcp', 'http', 'clientssl'] });
    expect((await get(client.port(), '/')).body).toMatch(/^TLSv1\.[23] 127\.0\.0\.1$/);
  });

  it('ends a connection that virtual servers send round in a circle', async () => {
    const client = await box('when CLIENT_ACCEPTED { virtual vs }', ['tcp']);
    expect(await ask(client.port(), 'x')).toBe('reset');
    await until('all its turns ended', async () =>
      (await client.get('ltm/virtual/~Common~vs/stats')).text.includes('"clientside.curConns":{"value":0}'),
    );
  });

  it('sends a request elsewhere when nobody takes it, at once or by trying again', async () => {
    const client = await box(`
      when HTTP_REQUEST { set failed 0 }
      when LB_FAILED {
        incr failed
        if { [HTTP::uri] eq "/again" && $failed < 3 } { LB::reselect; return }
        if { [HTTP::uri] ne "/lost" } { LB::reselect pool other }
      }
      when HTTP_RESPONSE { HTTP::header insert X-Failed $failed }`);
    await client.patch('ltm/pool/~Common~default', { members: [] });
    const port = client.port();
    const sent = await send(port, { method: 'POST', path: '/a', body: ['x'] });
    expect([sent.body.slice(0, 5), sent.headers['x-failed']]).toEqual(['other', '1']);
    expect((await get(port, '/again')).headers['x-failed']).toBe('3');
    await expect(get(port, '/lost')).rejects.toThrow(/hang up|ECONNRESET/);
  });

  it('sends a request again to another member when the answer is not wanted, with its body', async () => {
    const client = await box(`
      when HTTP_REQUEST {
        set tries 0
        set saved [HTTP::request]
        if { [HTTP::header exists Content-Length] } { HTTP::collect [HTTP::header Content-Length] }
      }
      when HTTP_REQUEST_DATA { append saved [HTTP::payload] }
      when HTTP_RESPONSE {
        incr tries
        if { [HTTP::status] == 503 } { LB::reselect; HTTP::retry $saved; return }
        HTTP::header insert X-Tries $tries
      }`);
    const [bad, good] = await Promise.all([
      httpBackend('bad', (_request, response) => response.writeHead(503).end('busy')),
      httpBackend('good', (incoming, response) => {
        let body = '';
        incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
        incoming.on('end', () => response.end(`good ${incoming.method} ${incoming.headers['content-length']} ${body}`));
      }),
    ]);
    const members = [bad, good].map(({ port }) => ({ name: `127.0.0.1:${port}` }));
    await client.patch('ltm/pool/~Common~default', { members });
    const seen: string[] = [];
    for (let time = 0; time < 4; time += 1) {
      const { body, headers } = await send(client.port(), { method: 'POST', path: '/a', body: ['abc'] });
      expect(body).toBe('good POST 3 abc');
      seen.push(String(headers['x-tries']));
    }
    expect(seen).toContain('2');
    expect((await get(client.port(), '/')).body).toBe('good GET undefined ');
    await client.patch('ltm/pool/~Common~default', { members: members.slice(0, 1) });
    await expect(get(client.port(), '/')).rejects.toThrow(/hang up|ECONNRESET/);
  });

  it('gives up on requests that are sent again and again', async () => {
    const client = await box('when HTTP_RESPONSE { HTTP::retry [HTTP::request] }');
    await expect(get(client.port(), '/')).rejects.toThrow(/hang up|ECONNRESET/);
    const stats = (await client.get('ltm/pool/~Common~default/stats')).text;
    expect(stats).toContain('"serverside.totConns":{"value":11}');
    await expect(get(client.port(), '/')).rejects.toThrow(/hang up|ECONNRESET/);
  });

  it('chooses a member at once with LB::select, and one by its address', async () => {
    const client = await box(`
      when HTTP_REQUEST {
        if { [HTTP::uri] eq "/select" } { HTTP::header insert X-Chosen [LB::select pool other] }
        if { [HTTP::uri] eq "/one" } { pool other member 127.0.0.1 [lindex [lindex [members -list other] 0] 1] }
      }
      when LB_SELECTED { HTTP::header insert X-Server [LB::server pool] }
      when HTTP_REQUEST_SEND { HTTP::header insert X-Sent [IP::remote_addr] }
      when HTTP_RESPONSE_RELEASE { HTTP::header insert X-Last [HTTP::status] }`);
    const port = client.port();
    const chosen = (await get(port, '/select')).body;
    expect(chosen).toMatch(/^other .*"x-chosen":"pool \/Common\/other member 127\.0\.0\.1 (\d+)"/);
    const one = await get(port, '/one');
    expect(one.body).toMatch(/^other .*"x-server":"\/Common\/other","x-sent":"127\.0\.0\.1"/);
    expect(one.headers['x-last']).toBe('200');
    const stats = (await client.get('ltm/pool/~Common~other/stats')).text;
    expect(stats).toContain('"serverside.totConns":{"value":2}');
  });

  it('runs scripts later while the connection lives, again and again if told to', async () => {
    const client = await layer4(`
      when CLIENT_ACCEPTED {
        set left 3
        set tick [after 5 -periodic { incr left -1; if { $left == 0 } { after cancel $tick; TCP::respond "done" } }]
        after 1 { TCP::respond "[llength [after info]] " }
        set never [after 2 { TCP::respond "never" }]
        after cancel $never
      }`);
    const one = dial(client.port());
    await until('the scripts ran', () => one.text().endsWith('done'));
    expect(one.text()).toBe('1 done');
    const { port } = await box('when CLIENT_ACCEPTED { after 1 { reject } }', ['tcp']);
    const other = dial(port());
    await until('the connection was reset', () => other.ended());
    expect(other.ended()).toBe('reset');
  });

  it('runs commands of the other side', async () => {
    const client = await box(`when HTTP_RESPONSE {
      HTTP::header insert X-Sides "[clientside {IP::remote_addr}] [IP::remote_addr]:[expr {[TCP::remote_port] == [LB::server port]}] [serverside] [clientside]"
    }`);
    expect((await get(client.port(), '/')).headers['x-sides']).toBe('127.0.0.1 127.0.0.1:1 1 0');
    expect(portOf(client, '/Common/vs')).toBe(client.port());
  });
});
