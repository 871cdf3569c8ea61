import { describe, expect, it } from 'vitest';
import { createDataPlane } from '../dataplane/index.ts';
import { startEmulator } from '../index.ts';
import { clientOf, manualClock, startTest, type Client, type TestReply } from '../test-kit.ts';

async function made(client: Client, path: string, body: unknown): Promise<TestReply> {
  const reply = await client.post(path, body);
  expect([path, reply.status, reply.text]).toEqual([path, 200, reply.text]);
  return reply;
}

/** The text of the page without its tags. */
function words(page: string): string {
  return page.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/gv, ' ').replaceAll(/\s+/gv, ' ');
}

describe('the page at /', () => {
  it('shows virtual servers, pools, members, requests, faults, the device and its version', async () => {
    const dataPlane = (): ReturnType<typeof createDataPlane> => createDataPlane({ map: 'always', probe: false });
    const client = await startTest({ dataPlane, hostname: 'lab.example.com', tmos: '16.1' });
    await made(client, 'ltm/pool', {
      name: 'web',
      loadBalancingMode: 'ratio-member',
      monitor: '/Common/http',
      members: [{ name: '10.0.0.1:80' }, { name: '10.0.0.2:80', state: 'user-down' }],
    });
    await made(client, 'ltm/virtual', { name: 'shop', destination: '10.9.9.9:80', ipProtocol: 'tcp', pool: 'web' });
    await client.emulator.dataPlane?.settled();
    client.emulator.faults.add({ type: 'latency', ms: 250, path: '/ltm/nodes', count: 3 });
    const { status, text } = await client.get('/');
    expect(status).toBe(200);
    const [listener] = client.emulator.listeners();
    for (const part of [
      'lab.example.com BIG-IP 16.1.0',
      '● ACTIVE',
      `/Common/shop ■ Unknown`,
      `10.9.9.9:80 tcp ${listener?.address}:${listener?.port} /Common/web`,
      '/Common/web ■ Unknown',
      '/Common/http ratio-member',
      '/Common/10.0.0.1:80 ■ Checking 10.0.0.1 of the pool',
      '/Common/10.0.0.2:80 ◆ Disabled, offline Forced down',
      'POST /mgmt/tm/ltm/virtual ● 200 admin',
      '▲ latency any method /ltm/nodes ms 250 3 more',
      `lab.example.com this one 16.1 ${client.emulator.url}`,
    ])
      expect(words(text)).toContain(part);
    expect(text).not.toContain('Wide IPs');
    expect([...text.matchAll(/<table>\s*<caption>/gv)]).toHaveLength([...text.matchAll(/<table>/gv)].length);
  });

  it('shows wide IPs when GTM is provisioned', async () => {
    const client = await startTest({ modules: ['gtm'] });
    await made(client, 'gtm/pool/a', { name: 'east' });
    await made(client, 'gtm/wideip/a', { name: 'www.example.com', pools: [{ name: 'east' }] });
    const { text } = await client.get('/');
    expect(words(text)).toContain('/Common/www.example.com A ■ Enabled round-robin east');
  });

  it('escapes whatever a client or a person brings', async () => {
    const client = await startTest();
    const evil = `<script>alert("1")</script>'&`;
    await made(client, 'ltm/pool', { name: 'p', description: evil });
    await made(client, 'ltm/virtual', { name: 'v', description: evil, destination: '10.0.0.1:80' });
    await client.get('ltm/pool/<script>alert(1)</script>?a=<img src=x onerror=alert(1)>');
    client.emulator.faults.add({ type: 'mcp-error', message: evil, path: '<script>' });
    const { text } = await client.get(`/?q=${encodeURIComponent('"><script>alert(2)</script>')}`);
    const { text: all } = await client.get('/');
    for (const page of [text, all]) {
      expect(page).not.toMatch(/<script|<img|\salert\(1\)</v);
    }
    expect(all).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;"');
  });

  it('lets no other style, script, frame, form or picture in', async () => {
    const client = await startTest();
    const response = await fetch(`${client.emulator.url}/`, { headers: basic('admin') });
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+\/]{43}='; /v);
    expect(policy).toContain("form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).not.toMatch(/\sstyle=|\son\w+=|(?:src|href)="(?:https?:)?\/\/(?!127\.)/v);
  });

  it('shows no secrets: no bodies, no tokens', async () => {
    const client = await startTest();
    const login = await client.post('/mgmt/shared/authn/login', { username: 'admin', password: 'admin' });
    const token = String(login.body.token.token);
    await client.get(`/mgmt/shared/authz/tokens/${token}`);
    await client.get(`ltm/pool?token=${token}&$top=1`);
    await made(client, 'auth/user', { name: 'kim', password: 'sesame-open' });
    await client.post('util/bash', {
      command: 'run',
      utilCmdArgs: '-c "tmsh modify auth user kim password sesame-open"',
    });
    const { text } = await client.get('/');
    const log = (await client.get('/emulator/log')).text;
    expect(words(text)).toContain('GET /mgmt/shared/authz/tokens/*** ● 200');
    expect(words(text)).toContain('/mgmt/tm/ltm/pool?token=***&amp;$top=1');
    for (const shown of [text, log]) {
      expect(shown).not.toContain(token);
      expect(shown).not.toContain('sesame-open');
    }
  });

  it('asks for an administrator, unless it was opened', async () => {
    const client = await startTest();
    await made(client, 'auth/user', {
      name: 'kim',
      password: 'k',
      'partition-access': [{ name: 'all-partitions', role: 'guest' }],
    });
    const ask = async (headers: Record<string, string>): Promise<Response> =>
      fetch(`${client.emulator.url}/`, { headers });
    const without = await ask({});
    expect([without.status, without.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="Enterprise Manager"',
    ]);
    expect((await ask(basic('wrong'))).status).toBe(401);
    expect((await ask(basic('k', 'kim'))).status).toBe(403);
    const open = await startTest({ openPage: true });
    expect((await fetch(`${open.emulator.url}/`)).status).toBe(200);
    expect((await fetch(`${open.emulator.url}/mgmt/tm/ltm/pool`)).status).toBe(401);
    expect((await open.post('/', {})).status).toBe(405);
  });

  it('finds by name and by address, and says how many more there are', async () => {
    const client = await startTest();
    const all = Array.from({ length: 103 }, (_, at) => ['POST', 'ltm/pool', { name: `p${at}` }] as const);
    expect((await client.transact(...all)).status).toBe(200);
    await made(client, 'ltm/pool', { name: 'zebra', members: [{ name: '10.77.0.1:80' }] });
    expect(words((await client.get('/')).text)).toContain(
      'Pools and members the first 100 of 104; search to see others',
    );
    for (const search of ['ZEBRA', '10.77.0.1']) {
      expect(words((await client.get(`/?q=${search}`)).text)).toContain('Pools and members 1 Name');
    }
  });

  it('reloads itself when asked, and is neither logged nor disturbed by faults', async () => {
    const client = await startTest({ clock: manualClock() });
    client.emulator.faults.add({ type: 'unavailable' });
    const { text } = await client.get('/?refresh=on&q=a');
    expect(text).toContain('<meta http-equiv="refresh" content="5" />');
    expect((await client.get('/')).text).not.toContain('http-equiv');
    expect(client.emulator.log.total).toBe(0);
  });

  it('lists the devices of the process', async () => {
    const devices = [
      { hostname: 'a.example.com', tmos: '17.1', url: 'https://127.0.0.1:1' },
      { hostname: 'b.example.com', tmos: '12.1', url: 'https://127.0.0.1:2' },
    ];
    const emulator = await startEmulator({ hostname: 'a.example.com', devices: () => devices });
    const { text } = await clientOf(emulator).get('/');
    await emulator.close();
    expect(words(text)).toContain(
      'a.example.com this one 17.1 https://127.0.0.1:1 b.example.com 12.1 https://127.0.0.1:2',
    );
  });
});

function basic(password: string, name = 'admin'): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
