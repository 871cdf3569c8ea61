import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { until } from '../support/e2e.ts';
import type { PairProcessStarted } from './pair-process.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 120_000 });

interface Unit extends PairProcessStarted {
  readonly child: ChildProcess;
}

/** Milliseconds. */
const patience = 60_000;

const children: ChildProcess[] = [];

afterEach(async () => {
  const running = children.splice(0).filter((child) => child.exitCode === null && child.signalCode === null);
  const ended = running.map((child) => once(child, 'exit'));
  running.forEach((child) => child.kill('SIGKILL'));
  await Promise.all(ended);
});

async function start(hostname: string, peerCa?: string): Promise<Unit> {
  const args = [hostname, ...(peerCa === undefined ? [] : [peerCa])];
  const child = fork(new URL('pair-process.ts', import.meta.url), args);
  children.push(child);
  const [started] = (await once(child, 'message')) as [PairProcessStarted];
  return { ...started, child };
}

async function send(unit: Unit, path: string, body?: unknown): Promise<string> {
  const call = request(`${unit.url}/mgmt/tm/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ca: unit.certificate,
    auth: 'admin:admin',
    headers: { 'Content-Type': 'application/json' },
  });
  call.end(body === undefined ? '' : JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
  }
  expect([response.statusCode, text]).toEqual([200, text]);
  return text;
}

async function status(unit: Unit, page: 'sync-status' | 'failover-status'): Promise<string> {
  const body = JSON.parse(await send(unit, `cm/${page}`)) as Record<string, any>; // oxlint-disable-line typescript/no-explicit-any
  return body['entries'][`https://localhost/mgmt/tm/cm/${page}/0`].nestedStats.entries.status.description as string;
}

/** Whether something listens at an address. */
async function isOpen(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

it('two processes are a pair: the one takes over the addresses when the other is killed', async () => {
  const second = await start('b2.example.com');
  const first = await start('b1.example.com', second.certificate);
  const [host, port] = ['127.92.7.1', 9092] as const;
  await send(first, 'cm/add-to-trust', {
    command: 'run',
    name: 'Root',
    caDevice: true,
    device: second.url.replace('https://', ''),
    deviceName: 'b2.example.com',
    username: 'admin',
    password: 'admin',
  });
  const devices = ['b1.example.com', 'b2.example.com'];
  await send(first, 'cm/device-group', { name: 'pair', type: 'sync-failover', devices });
  await until(
    'the second knows the group',
    async () => (await status(second, 'sync-status')) === 'Awaiting Initial Sync',
    patience,
  );
  await until('the first is standby', async () => (await status(first, 'failover-status')) === 'STANDBY', patience);
  await send(second, 'sys/failover', { command: 'run', standby: true });
  await until('the first is active', async () => (await status(first, 'failover-status')) === 'ACTIVE', patience);
  await send(first, 'ltm/virtual', { name: 'v', destination: `${host}:${port}`, ipProtocol: 'tcp' });
  await until('the address is open', async () => await isOpen(host, port), patience);
  await send(first, 'cm', { command: 'run', utilCmdArgs: 'config-sync to-group pair' });
  await until('the second is in sync', async () => (await status(second, 'sync-status')) === 'In Sync', patience);
  expect(await status(second, 'failover-status')).toBe('STANDBY');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect(await isOpen(host, port)).toBe(false);
  await until('the second is active', async () => (await status(second, 'failover-status')) === 'ACTIVE', patience);
  await until('the address is open again', async () => await isOpen(host, port), patience);
  expect(await status(second, 'sync-status')).toBe('Disconnected');
});
