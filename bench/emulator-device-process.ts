import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { startEmulator, type Emulator } from '../src/emulator/index.ts';
import type { DeviceMessage, DeviceOrder } from './emulator-messages.ts';
import { peakRssMiB } from './peak-memory.ts';

/** Holds all threads of this process to the first core, where `taskset` (util-linux) is there. */
function pin(): boolean {
  try {
    execFileSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function countObjects(emulator: Emulator): number {
  return Object.values(emulator.dump()).reduce((sum, objects) => sum + objects.length, 0);
}

/**
 * The device of the emulator's bench as a process of its own, on one core, with TLS. `argv`: a state directory, if state
 * is to be kept. Ends when it is told to, or when the bench is gone.
 */
async function main(state: string | undefined): Promise<void> {
  const pinned = pin();
  const password = randomBytes(18).toString('base64url');
  const users = [{ name: 'admin', password }];
  const emulator = await startEmulator({ tls: 'self-signed', users, ...(state === undefined ? {} : { state }) });
  const stock = countObjects(emulator);
  process.on('message', ({ type }: DeviceOrder) => {
    if (type === 'stop') process.disconnect();
    else {
      const { user, system } = process.cpuUsage();
      const objects = countObjects(emulator) - stock;
      const rssMiB = process.memoryUsage.rss() / 2 ** 20;
      tell({ type: 'counted', objects, rssMiB, peakRssMiB: peakRssMiB(), cpuMs: (user + system) / 1000 });
    }
  });
  process.on('disconnect', () => void emulator.close().finally(() => process.exit()));
  tell({ type: 'listening', url: emulator.url, certificate: emulator.certificate ?? '', password, pinned });
}

function tell(message: DeviceMessage): void {
  process.send?.(message);
}

main(process.argv[2]).catch((error: unknown) => {
  tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
