import type { FullPath } from '../../../ir/ref.ts';
import type { BlobStore } from '../../../ir/blob.ts';
import type { Scope } from '../../../plan/scope.ts';
import type { Clock } from './clock.ts';
import type { EventHook } from './events.ts';
import { systemClock } from './clock.ts';

/** How the device's certificate is checked. */
export interface TlsOptions {
  /** CA certificates, PEM; left out: those that Node trusts. */
  readonly ca?: string;
  /** The name in the certificate, if it is not the one in the address. */
  readonly serverName?: string;
  /** True: any certificate will do. Whoever stands in between then reads the password. */
  readonly insecureSkipVerify?: boolean;
}

/** Waits, in milliseconds. */
interface Timeouts {
  /** For a TCP and TLS connection; default 10,000. */
  readonly connectMs?: number;
  /**
   * For one whole request; default 90,000. The device itself gives up after 60 s (restjavad), so less than that
   * would miss its answer.
   */
  readonly requestMs?: number;
  /** How long a device that restarts is waited for; default 300,000. */
  readonly deadlineMs?: number;
  /** For how long after trouble with mcpd a 404 is not believed; default 10,000. */
  readonly settleMs?: number;
  /** The first wait before a repetition, doubled each time up to 60 times of it; default 500. */
  readonly backoffMs?: number;
}

/** What is known of a device's DNS. */
export interface DnsTargetOptions {
  readonly servers: readonly ExpectedServer[];
}

/** A GTM server that virtual servers are put into. */
export interface ExpectedServer {
  readonly path: FullPath;
  /** Where it is to stand. */
  readonly datacenter: FullPath;
  /** It is made if it is missing. */
  readonly isMade: boolean;
}

/** What `createBigipTarget` takes. */
export interface BigipOptions {
  /** The device's name, for messages. */
  readonly name: string;
  /** One or several addresses of one device (a pair counts as one): `https://bigip.example.com`. */
  readonly urls: readonly string[];
  readonly username: string;
  /** Asked anew at each login, so that a changed password needs no restart. */
  readonly password: () => Promise<string>;
  /** Default `tmos`: local users, and the remote authentication configured on the device. */
  readonly loginProvider?: string;
  readonly tls?: TlsOptions;
  /** The partition that is written to, without slash. */
  readonly partition: string;
  /** The id of this Fairlead instance, as in marks. */
  readonly instance: string;
  /** Commands in one transaction; default 200. More makes a commit outlive the device's own 60 s. */
  readonly batchSize?: number;
  /** Reads in flight at a time; default 4. */
  readonly readers?: number;
  /** Objects per page of a collection; default 100. */
  readonly pageSize?: number;
  readonly timeouts?: Timeouts;
  /** The largest answer that is accepted, in bytes; default 64 MiB. */
  readonly maxAnswerBytes?: number;
  readonly logger?: EventHook;
  /** Whether the partition may be created; default true. */
  readonly createPartition?: boolean;
  /** The device answers DNS for us: its module `gtm` is read and written, too. */
  readonly dns?: DnsTargetOptions;
  /** Objects of the device's network are written, too (routes, tunnels, self IPs); default false. */
  readonly network?: boolean;
  /** The partition holds what is this unit's alone (its end of a tunnel), so that no pair may synchronise it; default false. */
  readonly apart?: boolean;
  /** Addresses that tunnels of ours begin at: each has to be a self IP of the device. Default: none. */
  readonly tunnelEnds?: readonly string[];
  /** What may be written; left out: everything. */
  readonly scope?: Scope;
  /** Where the contents of certificate and key files are; left out: there are none. */
  readonly blobs?: BlobStore;
  /** For tests. */
  readonly clock?: Clock;
  /** A number in [0, 1) for each backoff, so that many clients do not come back at once; for tests. */
  readonly random?: () => number;
}

/** The options with all defaults filled in. */
export interface Settings {
  readonly name: string;
  readonly urls: readonly URL[];
  readonly username: string;
  readonly password: () => Promise<string>;
  readonly loginProvider: string;
  readonly tls: TlsOptions;
  readonly partition: string;
  readonly instance: string;
  readonly batchSize: number;
  readonly readers: number;
  readonly pageSize: number;
  readonly timeouts: Required<Timeouts>;
  readonly maxAnswerBytes: number;
  readonly logger: EventHook;
  readonly createPartition: boolean;
  /** Undefined: the module is left alone. */
  readonly dns: DnsTargetOptions | undefined;
  readonly network: boolean;
  readonly apart: boolean;
  readonly tunnelEnds: readonly string[];
  readonly scope: Scope | undefined;
  readonly blobs: BlobStore | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

const TIMEOUTS: Required<Timeouts> = {
  connectMs: 10_000,
  requestMs: 90_000,
  deadlineMs: 300_000,
  settleMs: 10_000,
  backoffMs: 500,
};

/**
 * Fills in the defaults.
 * @throws {Error} an address that is none, or that would send the password in clear text over a network.
 */
export function settle(options: BigipOptions): Settings {
  const tls = options.tls ?? {};
  if (options.urls.length === 0) throw new Error(`${options.name}: no address is given, expected at least one URL`);
  return {
    name: options.name,
    urls: options.urls.map((url) => parseUrl(url, options.name, tls)),
    username: options.username,
    password: options.password,
    loginProvider: options.loginProvider ?? 'tmos',
    tls,
    partition: options.partition,
    instance: options.instance,
    batchSize: Math.max(1, options.batchSize ?? 200),
    readers: Math.max(1, options.readers ?? 4),
    pageSize: Math.max(1, options.pageSize ?? 100),
    timeouts: { ...TIMEOUTS, ...options.timeouts },
    maxAnswerBytes: options.maxAnswerBytes ?? 64 * 1024 * 1024,
    logger: options.logger ?? (() => undefined),
    createPartition: options.createPartition ?? true,
    dns: options.dns,
    network: options.network ?? false,
    apart: options.apart ?? false,
    tunnelEnds: options.tunnelEnds ?? [],
    scope: options.scope,
    blobs: options.blobs,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

function parseUrl(text: string, device: string, tls: TlsOptions): URL {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    throw new Error(`${device}: the address "${withoutUser(text)}" is no URL, expected https://<host>[:<port>]`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      `${device}: the address of ${url.host} holds a user or password, expected them in their own options`,
    );
  }
  const local = /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !local && tls.insecureSkipVerify !== true) {
    throw new Error(
      `${device}: ${url.origin} would send the password in clear text, expected https (or tls.insecureSkipVerify: true)`,
    );
  }
  return url;
}

/** A malformed address may still hold a password before an `@`. */
function withoutUser(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@');
}
