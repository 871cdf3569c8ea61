import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { startEmulator } from '../../src/emulator/index.ts';
import type { Emulator } from '../../src/emulator/index.ts';

const executablePath = inject('chromium');
/** Not in git: for people to look at. */
const SCREENSHOTS = path.join(import.meta.dirname, 'screenshots');
const EVIL = '<script>document.title = "broken into"</script><img src=x onerror="document.title = \'broken into\'">';
/** Runs in the page. */
const LOW_CONTRASTS = await readFile(path.join(import.meta.dirname, 'low-contrasts.js'), 'utf8');
const PASSWORD = 'correct horse battery';

/** As few requests of its own as Chromium can be brought to. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(executablePath === undefined)('the page of the emulator, in Chromium', () => {
  const backend = createServer((_request, response) => response.end('ok'));
  let emulator: Emulator;
  let profile: string;
  const contexts: BrowserContext[] = [];

  const send = async (method: string, where: string, body: unknown): Promise<number> => {
    const { status } = await fetch(`${emulator.url}${where}`, {
      method,
      headers: {
        Authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    return status;
  };

  const make = async (where: string, body: unknown): Promise<void> => {
    expect([where, await send('POST', where, body)]).toEqual([where, 200]);
  };

  /** A window with the page in it, by an administrator unless told otherwise. */
  const open = async (options: BrowserContextOptions = {}, where = '/'): Promise<Page> => {
    const context = await chromium.launchPersistentContext(await mkdtemp(path.join(profile, 'profile-')), {
      executablePath: executablePath ?? '',
      args: FLAGS,
      viewport: { width: 1280, height: 900 },
      httpCredentials: { username: 'admin', password: PASSWORD },
      ...options,
    });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${emulator.url}${where}`);
    return page;
  };

  beforeAll(async () => {
    profile = await mkdtemp(path.join(tmpdir(), 'fairlead-browser-'));
    await mkdir(SCREENSHOTS, { recursive: true });
    await new Promise<void>((resolve) => {
      backend.listen(0, '127.0.0.1', resolve);
    });
    const { port } = backend.address() as AddressInfo;
    emulator = await startEmulator({
      hostname: 'bigip-lab.example.com',
      modules: ['gtm'],
      users: [{ name: 'admin', password: PASSWORD }],
      dataPlane: () => createDataPlane({ map: 'always', timeScale: 0.01 }),
      devices: () => [
        { hostname: 'bigip-lab.example.com', tmos: '17.1', url: emulator.url },
        { hostname: 'bigip-old.example.com', tmos: '13.1', url: 'https://127.0.0.1:8444' },
      ],
    });
    await make('/mgmt/tm/ltm/pool', {
      name: 'web',
      description: 'the shop, from the cluster in the east',
      monitor: '/Common/tcp',
      loadBalancingMode: 'least-connections-member',
      // The last port is one where nothing listens: it is reserved.
      members: [
        { name: `127.0.0.1:${port}` },
        { name: '127.0.0.2:1' },
        { name: `127.0.0.3:${port}`, session: 'user-disabled' },
      ],
    });
    await make('/mgmt/tm/ltm/pool', { name: 'api', monitor: '/Common/tcp', members: [{ name: '127.0.0.2:1' }] });
    await make('/mgmt/tm/ltm/pool', { name: 'plain', description: EVIL, members: [{ name: '127.0.0.9:53' }] });
    await make('/mgmt/tm/ltm/virtual', { name: 'shop', destination: '10.20.30.40:80', ipProtocol: 'tcp', pool: 'web' });
    await make('/mgmt/tm/ltm/virtual', { name: 'api', destination: '10.20.30.41:443', ipProtocol: 'tcp', pool: 'api' });
    await make('/mgmt/tm/ltm/virtual', {
      name: 'dns',
      destination: '10.20.30.42:53',
      ipProtocol: 'udp',
      pool: 'plain',
      profiles: ['udp'],
    });
    await make('/mgmt/tm/gtm/pool/a', { name: 'east' });
    await make('/mgmt/tm/gtm/wideip/a', { name: 'www.example.com', pools: [{ name: 'east' }] });
    await make('/emulator/faults', { type: 'latency', ms: 250, path: '/ltm/nodes', count: 3 });
    await make('/emulator/faults', { type: 'mcp-error', message: EVIL, path: '<script>' });
    await send('POST', `/mgmt/tm/ltm/pool/<script>`, { password: 'hunter2-hunter2' });
    await send('PATCH', '/mgmt/tm/ltm/pool/~Common~none-such', {});
    await emulator.dataPlane?.settled();
    await vi.waitFor(
      () => {
        const health = (member: string): string =>
          emulator.dataPlane?.health('/Common/web', `/Common/${member}`) ?? 'none';
        const found = `${health(`127.0.0.1:${port}`)} ${health('127.0.0.2:1')}`;
        if (found !== 'up down') throw new Error(`members are ${found}, expected up and down`);
      },
      { timeout: 60_000 },
    );
  });

  afterAll(async () => {
    await Promise.all(contexts.map(async (context) => await context.close()));
    await emulator.close();
    backend.close();
    await rm(profile, { recursive: true, force: true });
  });

  it.each(['light', 'dark'] as const)(
    'is whole in %s, and readable: text stands out from what is behind it',
    async (colorScheme) => {
      const page = await open({ colorScheme });
      const problems: string[] = [];
      page.on('console', (message) => problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(error.message));
      await page.reload();
      await page.screenshot({ path: path.join(SCREENSHOTS, `page-${colorScheme}.png`), fullPage: true });
      expect(problems).toEqual([]);
      const captions = await page.locator('caption').allInnerTexts();
      expect(captions.map((text) => text.replace(/\s*\d.*$|\s*the (?:first|last).*$/s, ''))).toEqual([
        'Virtual servers',
        'Pools and members',
        'Wide IPs',
        'Faults now on',
        'Requests',
        'Devices in this process',
      ]);
      expect(await page.locator('#virtual-servers tbody tr').allInnerTexts()).toEqual([
        expect.stringContaining('Offline'),
        expect.stringContaining('Unknown'),
        expect.stringContaining('Available'),
      ]);
      expect(await page.evaluate(LOW_CONTRASTS)).toEqual([]);
    },
  );

  it('runs nothing that a client put into names, descriptions and paths, and shows it as text', async () => {
    const page = await open();
    expect(await page.title()).toBe('bigip-lab.example.com – emulated BIG-IP');
    expect(await page.locator('script, img, iframe').count()).toBe(0);
    await expect.poll(async () => await page.locator('body').innerText()).toContain(EVIL);
    expect(await page.locator('body').innerText()).not.toContain('hunter2');
  });

  it('works without JavaScript: search, tiles, and reloading by itself', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByLabel('Search').fill('web');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL('**/?q=web');
    await expect.poll(async () => await page.locator('#pools tbody').count()).toBe(1);
    await page.getByRole('link', { name: 'Reload every 5 s' }).click();
    await page.waitForURL('**/?q=web&refresh=on');
    await expect.poll(async () => await page.locator('meta[http-equiv=refresh]').count()).toBe(1);
    await page.getByRole('link', { name: 'Stop' }).click();
    await page.waitForURL('**/?q=web');
  });

  it('does not scroll sideways on a telephone; wide tables do, and can be reached by keyboard', async () => {
    const page = await open({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    await page.screenshot({ path: path.join(SCREENSHOTS, 'page-narrow.png'), fullPage: true });
    const widths = await page.evaluate<number[]>('[document.documentElement.scrollWidth, window.innerWidth]');
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
    expect(await page.getByRole('region', { name: 'Virtual servers' }).getAttribute('tabindex')).toBe('0');
  });

  it('asks who it is: without a password there is nothing to see', async () => {
    const page = await open({ httpCredentials: { username: 'admin', password: 'wrong' } });
    expect(await page.locator('body').innerText()).not.toContain('shop');
  });
});
