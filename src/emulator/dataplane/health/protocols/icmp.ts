import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { probeReachable } from '../probe-tcp.ts';
import type { Probe, ProbeRequest, ProbeResult } from '../probe.ts';

/** Where the `ping` of this machine is; undefined without one. */
export async function findPing(path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((one) => one !== '')) {
    const file = join(folder, 'ping');
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

/** One echo request by that program, which ends with 0 when an answer came (iputils, BusyBox, BSD). */
export async function pingBy(program: string, { at, signal }: ProbeRequest): Promise<ProbeResult> {
  if (signal.aborted) return 'failure';
  return await new Promise((resolve) => {
    const child = spawn(program, ['-n', '-c', '1', at.address], { stdio: 'ignore', signal });
    child.on('error', () => resolve('failure'));
    child.on('exit', (code) => resolve(code === 0 ? 'success' : 'failure'));
  });
}

const LOOPBACK = { address: '127.0.0.1', port: 0 };

/** A `ping` that can be used: without the right to send, or without a loopback, it gets no answer of this machine itself. */
async function usablePing(): Promise<string | undefined> {
  const program = await findPing();
  if (program === undefined) return undefined;
  const monitor = { fullPath: '', type: 'icmp', interval: 1, timeout: 1 };
  const signal = AbortSignal.timeout(5000);
  const result = await pingBy(program, { monitor, at: LOOPBACK, msPerSecond: 1000, signal });
  return result === 'success' ? program : undefined;
}

let ping: Promise<string | undefined> | undefined;

/** `icmp`, `gateway-icmp`: an echo request by the `ping` of this machine; without a usable one a TCP connection (see there). */
export const probeIcmp: Probe = async (request) => {
  ping ??= usablePing();
  const program = await ping;
  return program === undefined ? await probeReachable(request) : await pingBy(program, request);
};
