import type { DeviceEntry, LoadNote } from '../emulator/index.ts';
import type { RunningDevice, Surroundings } from './emulator-device.ts';
import type { DeviceSettings, EmulatorFlags } from './emulator-flags.ts';
import type { Io } from './io.ts';
import type { Deps } from './session.ts';
import { EmulatorNetwork } from '../emulator/index.ts';
import { announcer } from './emulator-announce.ts';
import { loadEmulatorConfig } from './emulator-config.ts';
import { startDevice } from './emulator-device.ts';
import { readFaultsFile } from './emulator-faults.ts';
import { flagName, refuseBeside, settingsOf } from './emulator-flags.ts';
import { Failure } from './failure.ts';
import { EXIT, printError, printProblems } from './session.ts';

/** Things that a `conf` file has and the emulator does not know are told one by one up to so many. */
const MOST_NOTES = 20;

/** `fairlead emulator`: emulated BIG-IPs, until a signal. `given`: the flags that stand on the command line. */
export async function emulatorVerb(
  { io }: Pick<Deps, 'io'>,
  flags: EmulatorFlags,
  given: readonly string[] = [],
): Promise<number> {
  const shown = { color: true, output: flags.output, lines: true };
  const running: RunningDevice[] = [];
  try {
    // Whoever stops it while it starts does not wait for it.
    const ended = untilSignal(io);
    const wanted = await devicesOf(flags, given, (diagnostics) => printProblems(diagnostics, io, shown));
    if (wanted === undefined) return EXIT.error;
    await startAll(wanted, { io, flags, running });
    await ended;
    return EXIT.ok;
  } catch (error) {
    printError(error, io, shown);
    return EXIT.error;
  } finally {
    await Promise.all(running.map(async ({ emulator }) => await emulator.close()));
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

/** The devices that are asked for; undefined when the config file has problems, which `tell` gets. */
async function devicesOf(
  flags: EmulatorFlags,
  given: readonly string[],
  tell: (diagnostics: Parameters<typeof printProblems>[0]) => void,
): Promise<readonly DeviceSettings[] | undefined> {
  if (flags.config === undefined) return [settingsOf(flags, await readFaultsFile(flags.faults))];
  refuseBeside(flags.config, given);
  const { config, diagnostics } = await loadEmulatorConfig(flags.config);
  if (config === undefined) tell(diagnostics);
  return config?.devices;
}

/** Starts all devices, one after the other, and tells where they are. */
async function startAll(
  wanted: readonly DeviceSettings[],
  { io, flags, running }: { readonly io: Io; readonly flags: EmulatorFlags; readonly running: RunningDevice[] },
): Promise<void> {
  const tell = announcer(io, flags.output);
  let isTold = false;
  const network = new EmulatorNetwork();
  const devices = (): readonly DeviceEntry[] =>
    running.map(({ settings: { hostname, tmos }, emulator: { url } }) => ({ hostname, tmos, url }));
  for (const [at, settings] of wanted.entries()) {
    const { hostname } = settings;
    const surroundings: Surroundings = {
      env: io.env,
      nameOf: (field) => (flags.config === undefined ? flagName(field) : `devices[${at}].${field} in ${flags.config}`),
      devices,
      network,
      onListeners: (listeners) => {
        if (isTold) tell.listeners(hostname, listeners);
      },
      onLeftOut: noteWriter(io, settings.conf ?? ''),
    };
    running.push(await startDevice(settings, surroundings));
  }
  for (const { emulator } of running) {
    await emulator.kernel?.settled();
    await emulator.dataPlane?.settled();
    await emulator.dns?.settled();
  }
  tell.started(running);
  isTold = true;
}

function noteWriter(io: Io, file: string): (note: LoadNote) => void {
  let count = 0;
  return ({ line, object, property }) => {
    if (object === '') {
      throw new Failure(`${file}:${line}: found no object, expected a bigip.conf: ltm pool /Common/web { ... }`);
    }
    count += 1;
    if (count <= MOST_NOTES) {
      const what = property === undefined ? object : `${object}: ${property}`;
      io.stderr.write(`${file}:${line}: ${what}: left out, the emulator does not have it\n`);
    } else if (count === MOST_NOTES + 1) io.stderr.write(`${file}: and others are left out\n`);
  };
}
