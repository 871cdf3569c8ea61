import { randomBytes } from 'node:crypto';
import { startEmulator } from '../src/emulator/index.ts';
import type { EmulatorMessage, EmulatorOrder } from './messages.ts';

/**
 * The device of the bench as a process of its own: an emulator with TLS and without a data plane. `argv`: the user that it lets
 * in. Ends when it is told to, or when the bench is gone.
 */
async function main(username: string): Promise<void> {
  const password = randomBytes(18).toString('base64url');
  const emulator = await startEmulator({ tls: 'self-signed', users: [{ name: username, password, role: 'admin' }] });
  const count = (kind: string): number => emulator.dump()[kind]?.length ?? 0;
  process.on('message', ({ type }: EmulatorOrder) => {
    if (type === 'stop') process.disconnect();
    else {
      const members = count('ltm/pool/members');
      tell({ type: 'counted', virtuals: count('ltm/virtual'), pools: count('ltm/pool'), members });
    }
  });
  process.on('disconnect', () => void emulator.close().finally(() => process.exit()));
  tell({ type: 'listening', url: emulator.url, certificate: emulator.certificate ?? '', password });
}

function tell(message: EmulatorMessage): void {
  process.send?.(message);
}

main(process.argv[2] ?? 'admin').catch((error: unknown) => {
  tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});
