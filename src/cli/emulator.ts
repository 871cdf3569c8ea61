import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { CertificatePair, Emulator } from '../emulator/index.ts';
import type { EmulatorFlags } from './emulator-flags.ts';
import type { Io } from './io.ts';
import type { Deps } from './session.ts';
import { readSecretFile, SecretUnreadable } from '../config/read-secret.ts';
import { createDataPlane } from '../emulator/dataplane/index.ts';
import { KernelRefused, startEmulator, tmosReleases } from '../emulator/index.ts';
import { kernelOptions } from './emulator-kernel.ts';
import { Failure } from './failure.ts';
import { EXIT, printError, printJson } from './session.ts';

/** The name and version of the JSON form of where the emulator is. */
const EMULATOR_FORMAT = 'fairlead.emulator/v1';

const LISTEN_ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: '; another program has the port: choose another, or 0 for any that is free',
  EADDRNOTAVAIL: '; this machine does not have the address: choose one that it has, such as 127.0.0.1',
  EACCES: '; this user may not take ports below 1024: choose a higher one',
};

/** `fairlead emulator`: an emulated BIG-IP, until a signal. */
export async function emulatorVerb({ io }: Pick<Deps, 'io'>, flags: EmulatorFlags): Promise<number> {
  try {
    // Whoever stops it while it starts does not wait for it.
    const ended = untilSignal(io);
    const emulator = await start(flags);
    try {
      const { certificate } = emulator;
      if (flags.caOut !== undefined && certificate !== undefined) await writeFile(flags.caOut, certificate);
      announce(emulator, io, flags);
      await ended;
    } finally {
      await emulator.close();
    }
    return EXIT.ok;
  } catch (error) {
    printError(error, io, { color: true, output: flags.output });
    return EXIT.error;
  }
}

function untilSignal(io: Io): Promise<void> {
  let ending = false;
  return new Promise((resolve) => {
    io.onSignal(() => {
      if (ending) io.exit(EXIT.error);
      ending = true;
      resolve();
    });
  });
}

async function start(flags: EmulatorFlags): Promise<Emulator> {
  const { user, tmos, timeScale } = flags;
  if (!tmosReleases.includes(tmos)) throw new Failure(`--tmos ${tmos}: expected one of ${tmosReleases.join(', ')}`);
  const password = await readPassword(flags.passwordFile);
  if (password === '') throw new Failure(`--password-file: ${flags.passwordFile} is empty`);
  const { host, port } = parseListen(flags.listen);
  const tls = await readPair(flags);
  try {
    return await startEmulator({
      host,
      port,
      tls,
      tmos,
      users: [{ name: user, password }],
      ...kernelOptions(flags),
      ...(flags.dataplane ? { dataPlane: () => createDataPlane({ timeScale }), dns: { timeScale } } : {}),
    });
  } catch (error) {
    if (error instanceof KernelRefused) throw new Failure(`--kernel: ${error.message}`);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    if (tls !== 'self-signed' && /^ERR_(OSSL|SSL|TLS)/.test(code)) {
      const files = `--tls-cert ${flags.tlsCert}, --tls-key ${flags.tlsKey}`;
      throw new Failure(`${files}: expected a certificate and its key, both PEM (${code})`);
    }
    throw new Failure(`--listen ${flags.listen}: cannot listen there (${code})${LISTEN_ADVICE[code] ?? ''}`);
  }
}

async function readPassword(path: string): Promise<string> {
  try {
    return await readSecretFile(path);
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    throw new Failure(`--password-file: ${error.message}; expected a file with the password on its first line`);
  }
}

/** `127.0.0.1:8443`, `[::1]:8443`. */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host !== undefined && port <= 65_535) return { host, port };
  throw new Failure(`--listen ${text}: expected ADDRESS:PORT, such as 127.0.0.1:8443 or [::1]:8443`);
}

async function readPair({ tlsCert, tlsKey }: EmulatorFlags): Promise<CertificatePair | 'self-signed'> {
  if (tlsCert === undefined && tlsKey === undefined) return 'self-signed';
  if (tlsCert === undefined || tlsKey === undefined) throw new Failure('--tls-cert and --tls-key belong together');
  const [cert, key] = await Promise.all([readPem(tlsCert, '--tls-cert'), readPem(tlsKey, '--tls-key')]);
  return { cert, key };
}

async function readPem(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${flag}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function announce({ url, certificate }: Emulator, io: Io, { output, tmos, user, caOut }: EmulatorFlags): void {
  const fingerprint = certificate === undefined ? '' : new X509Certificate(certificate).fingerprint256;
  if (output === 'json') {
    printJson({ format: EMULATOR_FORMAT, url, fingerprint256: fingerprint, tmos, user }, io);
    return;
  }
  io.stdout.write(
    `BIG-IP emulator, TMOS ${tmos}, user ${user}\n  url          ${url}\n  fingerprint  ${fingerprint}\n`,
  );
  if (caOut !== undefined) io.stdout.write(`  certificate  ${caOut} (tls.caFile)\n`);
  io.stdout.write('SIGTERM or SIGINT ends it.\n');
}
