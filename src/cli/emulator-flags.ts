import type { EmulatorConfig } from './emulator-schema.ts';
import type { KernelFlags } from './emulator-kernel.ts';
import { tmosReleases } from '../emulator/index.ts';
import { kernelOptions } from './emulator-kernel.ts';
import { HOSTNAME, parseListen } from './emulator-listen.ts';
import { Failure } from './failure.ts';

/** What `fairlead emulator` takes. Each but `config` and `output` has a field in the config file. */
export interface EmulatorFlags extends KernelFlags {
  readonly config?: string;
  readonly listen: string;
  readonly hostname: string;
  readonly user: string;
  readonly passwordFile?: string;
  readonly tmos: string;
  readonly module?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly caOut?: string;
  /** False: --no-dataplane. */
  readonly dataplane: boolean;
  readonly timeScale: number;
  readonly conf?: string;
  readonly state?: string;
  readonly openPage?: boolean;
  readonly faults?: string;
  readonly output: string;
}

/** One device to start. */
export type DeviceSettings = EmulatorConfig['devices'][number];

/** The flags by the fields of the config file. */
const FLAG_OF: Readonly<Record<string, string>> = {
  listen: '--listen',
  hostname: '--hostname',
  tmos: '--tmos',
  'users[0].name': '--user',
  'users[0].password': '--password-file',
  modules: '--module',
  'tls.cert': '--tls-cert',
  'tls.key': '--tls-key',
  'tls.caOut': '--ca-out',
  'dataPlane.enabled': '--no-dataplane',
  'dataPlane.timeScale': '--time-scale',
  conf: '--conf',
  state: '--state',
  openPage: '--open-page',
  faults: '--faults',
  kernel: '--kernel',
  'kernel.anyNamespace': '--kernel-any-namespace',
};

/** What a flag's field is called in messages: the flag itself. */
export function flagName(field: string): string {
  return FLAG_OF[field] ?? field;
}

/**
 * The device that flags describe, with the faults that it starts with.
 * @throws {Failure} A flag that cannot be used.
 */
export function settingsOf(flags: EmulatorFlags, faults: DeviceSettings['faults'] = []): DeviceSettings {
  const { listen, hostname, user, passwordFile, tmos, module = [], tlsCert, tlsKey, caOut, conf, state } = flags;
  if (passwordFile === undefined) {
    throw new Failure(
      '--password-file is missing; expected a file with the password of the administrator, or --config',
    );
  }
  if (!tmosReleases.includes(tmos)) throw new Failure(`--tmos ${tmos}: expected one of ${tmosReleases.join(', ')}`);
  if (parseListen(listen) === undefined) {
    throw new Failure(`--listen ${listen}: expected ADDRESS:PORT, such as 127.0.0.1:8443 or [::1]:8443`);
  }
  if (!HOSTNAME.test(hostname)) {
    throw new Failure(`--hostname ${hostname}: expected a host name with a domain, such as bigip1.example.com`);
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Failure('--tls-cert and --tls-key belong together');
  }
  return {
    listen,
    hostname,
    tmos,
    users: [{ name: user, password: { file: passwordFile }, role: 'admin' }],
    modules: [...module],
    tls: {
      ...(tlsCert === undefined ? {} : { cert: tlsCert }),
      ...(tlsKey === undefined ? {} : { key: tlsKey }),
      ...(caOut === undefined ? {} : { caOut }),
    },
    dataPlane: { enabled: flags.dataplane, timeScale: flags.timeScale },
    ...(conf === undefined ? {} : { conf }),
    ...(state === undefined ? {} : { state }),
    openPage: flags.openPage ?? false,
    ...kernelOptions(flags),
    faults,
  };
}

/**
 * Refuses flags that say the same as the config file: which one counts must not be a riddle. `given`: the flags on the
 * command line.
 * @throws {Failure} Such a flag.
 */
export function refuseBeside(config: string, given: readonly string[]): void {
  const names = new Map(Object.entries(FLAG_OF).map(([field, flag]) => [flag, field]));
  const flag = given.find((name) => names.has(name));
  if (flag === undefined) return;
  throw new Failure(`${flag} and --config do not go together; expected devices[].${names.get(flag)} in ${config}`);
}
