import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { startEmulator } from '../../src/emulator/index.ts';

/** What the process says once it listens. */
export interface PairProcessStarted {
  readonly url: string;
  readonly certificate: string;
}

/**
 * A unit of a pair as a process of its own. `argv`: its host name, and the certificate to trust when it adds the other
 * unit. Ends when the test is gone.
 */
async function main(hostname: string, peerCa: string | undefined): Promise<void> {
  const emulator = await startEmulator({
    hostname,
    tls: 'self-signed',
    dataPlane: () => createDataPlane({ map: 'never', probe: false }),
    // Long enough that a process which a busy machine does not let run is not taken for dead.
    heartbeat: { everyMs: 100, timeoutMs: 10_000 },
    ...(peerCa === undefined ? {} : { peerCa }),
  });
  process.on('disconnect', () => void emulator.close().finally(() => process.exit()));
  const started: PairProcessStarted = { url: emulator.url, certificate: emulator.certificate ?? '' };
  process.send?.(started);
}

await main(process.argv[2] ?? '', process.argv[3]);
