import { afterEach, describe, expect, it } from 'vitest';
import { ask, cleanUp, httpBackend, tcpBackend } from '../dataplane/test-kit.ts';
import { box, get, portOf, type Box } from './test-kit.ts';

afterEach(cleanUp);

/** A box whose pool has the members a and b, with OneConnect: every request is balanced anew. */
async function two(code: string): Promise<Box> {
  const client = await box(code, ['tcp', 'http', 'oneconnect']);
  const members = [];
  for (const name of ['a', 'b']) {
    const backend = await httpBackend(name, (_request, response) => response.setHeader('X-Id', `${name}1`).end(name));
    members.push({ name: `127.0.0.1:${backend.port}` });
  }
  await client.patch('ltm/pool/~Common~default', { members });
  return client;
}

async function names(port: number, ...headers: readonly Record<string, string>[]): Promise<string> {
  const found: string[] = [];
  for (const each of headers) found.push((await get(port, '/', each)).body);
  return found.join('');
}

/** The same with the member that answered first as `a`. */
function pattern(text: string): string {
  return text.startsWith('a') ? text : text.replaceAll(/[ab]/gv, (name) => (name === 'a' ? 'b' : 'a'));
}

describe('persistence by iRules', () => {
  it('persists on what a rule says, and by the profile where it says nothing', async () => {
    const client = await two(`when HTTP_REQUEST {
      if { [HTTP::header exists X-User] } { persist uie [HTTP::header X-User] 60 }
    }`);
    const [ann, bob] = [{ 'X-User': 'ann' }, { 'X-User': 'bob' }];
    expect(pattern(await names(client.port(), ann, bob, ann, bob, bob, {}, {}, ann))).toBe('ababbaba');
    expect(client.emulator.dataPlane?.persistenceRecords()).toEqual([
      expect.objectContaining({ mode: 'universal', value: 'bob', virtual: '/Common/vs' }),
      expect.objectContaining({ mode: 'universal', value: 'ann' }),
    ]);
    await client.patch('ltm/virtual/~Common~vs', { persist: [{ name: 'source_addr' }] });
    expect(new Set(await names(client.port(), {}, {}, {})).size).toBe(1);
  });

  it('takes the rule of a universal profile, and its changes', async () => {
    const client = await two('when CLIENT_CLOSED { }');
    await client.post('ltm/rule', {
      name: 'key',
      apiAnonymous: 'when HTTP_REQUEST { persist uie [HTTP::header X-User] }',
    });
    await client.post('ltm/persistence/universal', { name: 'u', rule: '/Common/key' });
    await client.patch('ltm/virtual/~Common~vs', { persist: [{ name: 'u' }] });
    const [ann, bob] = [
      { 'X-User': 'ann', 'X-Other': '1' },
      { 'X-User': 'bob', 'X-Other': '1' },
    ];
    expect(pattern(await names(client.port(), ann, bob, ann, ann))).toBe('abaa');
    await client.patch('ltm/rule/~Common~key', {
      apiAnonymous: 'when HTTP_REQUEST { persist uie [HTTP::header X-Other] }',
    });
    expect(new Set(await names(client.port(), ann, bob, ann, bob)).size).toBe(1);
  });

  it('notes a record by a value of the answer, looks it up and deletes it', async () => {
    const client = await two(`
      when HTTP_REQUEST {
        set id [HTTP::header X-Id]
        if { [HTTP::uri] eq "/look" } {
          HTTP::respond 200 content "[persist lookup uie $id] [persist lookup uie $id node] [persist lookup uie [list $id any virtual]]"
        } elseif { [HTTP::uri] eq "/delete" } {
          persist delete uie $id
        } elseif { $id ne "" } { persist uie $id }
      }
      when HTTP_RESPONSE { persist add uie [HTTP::header X-Id] 30 }`);
    const port = client.port();
    expect(new Set(await names(port, {}, {}))).toEqual(new Set('ab'));
    expect(await names(port, { 'X-Id': 'b1' }, { 'X-Id': 'a1' }, { 'X-Id': 'b1' })).toBe('bab');
    expect((await get(port, '/look', { 'X-Id': 'a1' })).body).toMatch(
      /^127\.0\.0\.1 \d+ \/Common\/default 127\.0\.0\.1 $/,
    );
    expect((await get(port, '/look', { 'X-Id': 'c1' })).body).toBe('  ');
    await get(port, '/delete', { 'X-Id': 'z' });
    expect((await get(port, '/look', { 'X-Id': 'a1' })).body).toContain('default');
  });

  it('chooses cookies, hashes, addresses or none, by connection and by request', async () => {
    const client = await two(`
      when CLIENT_ACCEPTED { persist source_addr 255.255.255.255 60 }
      when HTTP_REQUEST {
        switch [HTTP::uri] {
          /cookie { persist cookie insert own 1:0 }
          /hash { persist hash [HTTP::header X-Key] }
          /carp { persist carp [HTTP::header X-Key] }
          /none { persist none }
          /bad { persist nothing }
        }
      }`);
    const port = client.port();
    expect(new Set(await names(port, {}, {}, {})).size).toBe(1);
    const { headers } = await get(port, '/cookie');
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^own=\d+\.\d+\.0000; expires=.*; path=\/$/)]);
    const path = async (uri: string, key: string): Promise<string> => (await get(port, uri, { 'X-Key': key })).body;
    const [k1, k2] = [await path('/hash', '1'), await path('/hash', '2')];
    expect([await path('/hash', '1'), await path('/hash', '2')]).toEqual([k1, k2]);
    expect(await path('/carp', '7')).toBe(await path('/carp', '7'));
    expect(new Set([await path('/none', ''), await path('/none', '')]).size).toBe(2);
    await expect(get(port, '/bad')).rejects.toThrow(/hang up|ECONNRESET/);
    expect(client.emulator.dataPlane?.ruleLog().at(-1)).toContain('bad option "nothing"');
  });
});

describe('LB::detach', () => {
  it('lets the next request of a connection be balanced anew', async () => {
    const client = await two('when HTTP_REQUEST { if { [HTTP::uri] eq "/off" } { LB::detach } }');
    await client.patch('ltm/virtual/~Common~vs', { profiles: ['tcp', 'http'] });
    const ask2 = async (second: string): Promise<string> => {
      const one = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
      const other = `GET ${second} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
      const ids = (await ask(client.port(), one + other)).matchAll(/X-Id: (\w)/gv);
      return [...ids].map((match) => match[1]).join('');
    };
    expect(pattern(await ask2('/'))).toBe('aa');
    expect(pattern(await ask2('/off'))).toBe('ab');
  });
});

describe('address translation', () => {
  it('shows members the address that a rule or a SNAT pool says', async () => {
    const client = await box(
      `when CLIENT_ACCEPTED {
      switch [IP::client_addr] {
        127.0.0.2 { snat none }
        127.0.0.3 { snat 127.0.0.33 }
        127.0.0.4 { snatpool addresses }
        127.0.0.5 { snat automap }
      }
    }`,
      ['tcp'],
    );
    const backend = await tcpBackend((socket) => socket.end(socket.remoteAddress ?? ''));
    await client.patch('ltm/pool/~Common~default', { members: [{ name: `127.0.0.1:${backend.port}` }] });
    await client.post('ltm/snatpool', { name: 'addresses', members: ['127.0.0.41', '127.0.0.42'] });
    const from = async (localAddress: string): Promise<string> => await ask(client.port(), '', { localAddress });
    expect([await from('127.0.0.2'), await from('127.0.0.3'), await from('127.0.0.5')]).toEqual([
      '127.0.0.2',
      '127.0.0.33',
      '127.0.0.1',
    ]);
    expect([await from('127.0.0.4'), await from('127.0.0.4')].toSorted()).toEqual(['127.0.0.41', '127.0.0.42']);
    await client.patch('ltm/snat-translation/~Common~127.0.0.42', { disabled: true });
    expect([await from('127.0.0.4'), await from('127.0.0.4')]).toEqual(['127.0.0.41', '127.0.0.41']);
    const translation = { type: 'snat', pool: '/Common/addresses' };
    await client.patch('ltm/virtual/~Common~vs', { rules: [], sourceAddressTranslation: translation });
    expect(await from('127.0.0.2')).toBe('127.0.0.41');
    expect(portOf(client, '/Common/vs')).toBe(client.port());
  });
});
