import type { MonitorRule } from '../../../../ir/pool.ts';
import type { FullPath } from '../../../../ir/ref.ts';

/** A place that virtual servers are answered from: wide IPs get a pool for each. */
export interface DnsPlace {
  /** The data center's name; it stands in the names of pools. */
  readonly datacenter: string;
  /** The GTM server that virtual servers are put into. */
  readonly server: FullPath;
  /** Its place among all data centers of the device: the first is preferred, where availability decides. */
  readonly order: number;
}

/** How names become wide IPs. */
export interface DnsOptions {
  /** At least one. */
  readonly places: readonly DnsPlace[];
  /** Every exposed Service without a host of its own gets `<name>.<suffix>`; `{namespace}` in it stands for the namespace. */
  readonly suffix?: string;
  /** Only hosts in these zones are answered; left out: all. Lower case, without dots at the ends. */
  readonly zones?: readonly string[];
  /** Annotations of external-dns are read, too. */
  readonly externalDns: boolean;
  /** Hosts of Ingresses are answered. */
  readonly ingress: boolean;
  /** Of virtual servers; left out: that of the GTM server. */
  readonly monitor?: MonitorRule;
  /** How a data center is chosen; left out: round-robin. */
  readonly poolMode?: string;
  /** How one of several virtual servers in a data center is chosen; left out: round-robin. */
  readonly memberMode?: string;
  /** Seconds; left out: 30. */
  readonly ttl?: number;
}
