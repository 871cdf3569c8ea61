import type { Fault } from './faults/fault.ts';
import type { User } from './auth/users.ts';
import type { DataPlane, Listener } from './dataplane/model.ts';
import type { DnsOptions } from './dns/index.ts';
import type { KernelOptions } from './kernel/kernel.ts';
import type { DeviceEntry } from './page/page.ts';
import type { EmulatorNetwork } from './pair/network.ts';
import type { Clock } from './session/device.ts';
import type { LoadNote } from './tmsh/index.ts';

/** A certificate and its key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** How to start an emulator. */
export interface EmulatorOptions {
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Port to listen on; default 0, any. */
  readonly port?: number;
  /** A pair, `self-signed` (made at start), or `false` for plain HTTP (the default). */
  readonly tls?: CertificatePair | 'self-signed' | false;
  /** Users; default `admin` with password `admin`. */
  readonly users?: readonly User[];
  /** A release of `tmosReleases`; default `17.1`. */
  readonly tmos?: string;
  /** Default `bigip1.example.com`. */
  readonly hostname?: string;
  /** Modules provisioned besides `ltm`: `gtm`, `asm`, ...; default none, as on a new box. */
  readonly modules?: readonly string[];
  /** Address of the management interface, by which others add it to their trust domain; default `127.0.0.1`. */
  readonly managementIp?: string;
  /** The management network that it shares with other emulators of this process; default: none. */
  readonly network?: EmulatorNetwork;
  /**
   * PEM of certificates to trust when a device of another process is added to the trust domain; default: those of the
   * system and of `NODE_EXTRA_CA_CERTS`.
   */
  readonly peerCa?: string;
  /**
   * Milliseconds between heartbeats to other devices, and of silence after which one counts as gone; default 1000 and 3000
   * (K). Every 0: only when `pair.tick()` is called.
   */
  readonly heartbeat?: { readonly everyMs?: number; readonly timeoutMs?: number };
  /** Makes the data plane; without one nothing listens and monitored members stay `checking`. */
  readonly dataPlane?: () => DataPlane | Promise<DataPlane>;
  /**
   * A folder in which the running configuration, users (as hashes) and uploaded files are kept, made when it is not there
   * (docs/emulator.md). Default: nothing is kept. `startEmulator` rejects with a `StateError` when it cannot be used.
   */
  readonly state?: string;
  /**
   * A configuration in the language of `bigip.conf` to start from. With `state` it is loaded while nothing is kept there,
   * and not again. `startEmulator` rejects with a `LoadError` that names line and object.
   */
  readonly conf?: string;
  /** Gets what of `conf` the emulator does not know and leaves out; default: such a thing is an error. */
  readonly onLeftOut?: (note: LoadNote) => void;
  /** Gets all listeners when virtual servers listen elsewhere than before. */
  readonly onListeners?: (listeners: readonly Listener[]) => void;
  /** The page at `/` asks for no password; default: it asks for that of an administrator. */
  readonly openPage?: boolean;
  /** All emulated devices of this process, for the page; default: this one. */
  readonly devices?: () => readonly DeviceEntry[];
  /** How `gtm` answers DNS, or that it does not; default: as soon as it is provisioned, when there is a data plane. */
  readonly dns?: DnsOptions | false;
  /**
   * Applies self IPs, VLANs, routes, ARP and NDP entries, VXLAN tunnels and their tables to the kernel of the network
   * namespace that the process is in; default: it does not. `startEmulator` rejects with `KernelRefused` where it must not.
   */
  readonly kernel?: KernelOptions;
  /** Faults to start with. */
  readonly faults?: readonly Fault[];
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Bytes of a request body; default 16 MiB. */
  readonly bodyLimit?: number;
  /** Requests that the log keeps; default 10,000. */
  readonly logLimit?: number;
}
