import { readFile, writeFile } from 'node:fs/promises';
import type {
  CertificatePair,
  DeviceEntry,
  Emulator,
  EmulatorNetwork,
  EmulatorOptions,
  LoadNote,
  Listener,
} from '../emulator/index.ts';
import type { Fault, User } from '../emulator/index.ts';
import type { DeviceSettings } from './emulator-flags.ts';
import { readSecret, SecretUnreadable } from '../config/read-secret.ts';
import { createDataPlane } from '../emulator/dataplane/index.ts';
import { KernelRefused, startEmulator, StateError } from '../emulator/index.ts';
import { parseListen } from './emulator-listen.ts';
import { Failure } from './failure.ts';

/** A device that runs, and how it was asked for. */
export interface RunningDevice {
  readonly settings: DeviceSettings;
  readonly emulator: Emulator;
}

/** What a device is started with besides its settings. */
export interface Surroundings {
  /** What a field is called in messages: `--listen`, or `emulator.yaml: devices[1].listen`. */
  readonly nameOf: (field: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All devices of this process. */
  readonly devices: () => readonly DeviceEntry[];
  /** How devices of this process find each other. */
  readonly network: EmulatorNetwork;
  readonly onListeners: (listeners: readonly Listener[]) => void;
  /** Something of the `conf` file that the emulator does not know. */
  readonly onLeftOut: (note: LoadNote) => void;
}

const LISTEN_ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: '; another program has the port: choose another, or 0 for any that is free',
  EADDRNOTAVAIL: '; this machine does not have the address: choose one that it has, such as 127.0.0.1',
  EACCES: '; this user may not take ports below 1024: choose a higher one',
  ENOTFOUND: '; no such address: write a number, such as 127.0.0.1',
};

/**
 * Starts one device.
 * @throws {Failure} Something that the user can put right, with the flag or field that it is about.
 */
export async function startDevice(settings: DeviceSettings, surroundings: Surroundings): Promise<RunningDevice> {
  const { nameOf } = surroundings;
  const options = await optionsOf(settings, surroundings);
  let emulator: Emulator;
  try {
    emulator = await startEmulator(options);
  } catch (error) {
    throw explain(error, settings, nameOf);
  }
  for (const fault of settings.faults) emulator.faults.add(fault as Fault);
  const { caOut } = settings.tls;
  const { certificate } = emulator;
  if (caOut !== undefined && certificate !== undefined) {
    await writeFile(caOut, certificate).catch(async (error: unknown) => {
      await emulator.close();
      throw new Failure(`${nameOf('tls.caOut')}: ${caOut} cannot be written (${codeOf(error)})`);
    });
  }
  return { settings, emulator };
}

async function optionsOf(settings: DeviceSettings, surroundings: Surroundings): Promise<EmulatorOptions> {
  const { tmos, hostname, modules, state, openPage, dataPlane, conf, listen, managementIp, peerCa } = settings;
  const { nameOf, devices, onListeners, onLeftOut, network } = surroundings;
  const { timeScale } = dataPlane;
  const users = await readUsers(settings, surroundings);
  const text = conf === undefined ? undefined : await readText(conf, nameOf('conf'));
  const ca = peerCa === undefined ? undefined : await readText(peerCa, nameOf('peerCa'));
  return {
    ...parseListen(listen),
    tls: await readPair(settings, nameOf),
    tmos,
    hostname,
    modules,
    users,
    openPage,
    devices,
    onListeners,
    onLeftOut,
    network,
    ...kernelOf(settings),
    ...(managementIp === undefined ? {} : { managementIp }),
    ...(ca === undefined ? {} : { peerCa: ca }),
    ...(state === undefined ? {} : { state }),
    ...(text === undefined ? {} : { conf: text }),
    ...(dataPlane.enabled ? { dataPlane: () => createDataPlane({ timeScale }), dns: { timeScale } } : {}),
  };
}

function kernelOf({ kernel }: DeviceSettings): Pick<EmulatorOptions, 'kernel'> {
  if (kernel === undefined) return {};
  const { interfaces, anyNamespace } = kernel;
  return { kernel: { anyNamespace, ...(interfaces === undefined ? {} : { interfaces }) } };
}

async function readUsers({ users }: DeviceSettings, { nameOf, env }: Surroundings): Promise<readonly User[]> {
  const read = async (
    { password, partitions, ...user }: DeviceSettings['users'][number],
    at: number,
  ): Promise<User> => {
    const kubernetes = (): Promise<string> => Promise.reject(new SecretUnreadable('there is no Kubernetes'));
    try {
      const text = await readSecret(password, { env, kubernetes });
      return { ...user, password: text, ...(partitions === undefined ? {} : { partitions }) };
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      const expected = password.file === undefined ? 'a variable with the password' : 'a file with the password';
      throw new Failure(`${nameOf(`users[${at}].password`)}: ${error.message}; expected ${expected}`);
    }
  };
  return await Promise.all(users.map(read));
}

async function readPair(
  { tls }: DeviceSettings,
  nameOf: Surroundings['nameOf'],
): Promise<CertificatePair | 'self-signed'> {
  if (tls.cert === undefined || tls.key === undefined) return 'self-signed';
  const [cert, key] = await Promise.all([readText(tls.cert, nameOf('tls.cert')), readText(tls.key, nameOf('tls.key'))]);
  return { cert, key };
}

async function readText(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${name}: ${path} cannot be read (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

/** Why a device does not start, in words of its settings. */
function explain(error: unknown, settings: DeviceSettings, nameOf: Surroundings['nameOf']): unknown {
  const { state, conf, listen, tls } = settings;
  if (error instanceof KernelRefused) return new Failure(`${nameOf('kernel')}: ${error.message}`);
  if (error instanceof StateError) return new Failure(`${nameOf('state')} ${state}: ${error.message}`);
  // Of a statement (LoadError), or of the text as a whole.
  if (error instanceof Error && ['LoadError', 'DeviceError'].includes(error.name))
    return new Failure(`${nameOf('conf')} ${conf}: ${error.message}`);
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (tls.cert !== undefined && /^ERR_(OSSL|SSL|TLS)/.test(code)) {
    const files = `${nameOf('tls.cert')} ${tls.cert}, ${nameOf('tls.key')} ${tls.key}`;
    return new Failure(`${files}: expected a certificate and its key, both PEM (${code})`);
  }
  return new Failure(`${nameOf('listen')} ${listen}: cannot listen there (${code})${LISTEN_ADVICE[code] ?? ''}`);
}
