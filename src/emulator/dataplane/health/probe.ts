import type { MonitorConfig, SocketAddress } from '../model.ts';
import { probeTcp } from './probe-tcp.ts';
import { probeUdp } from './probe-udp.ts';
import { probeDns } from './protocols/dns.ts';
import { probeIcmp } from './protocols/icmp.ts';
import { probeLdap } from './protocols/ldap.ts';
import { probeFtp, probeImap, probeNntp, probePop3, probeSmtp } from './protocols/mail.ts';
import { probeMysql } from './protocols/mysql.ts';
import { probePostgresql } from './protocols/postgresql.ts';
import { probeRadius, probeRadiusAccounting } from './protocols/radius.ts';
import { probeSip } from './protocols/sip.ts';
import { probeSnmpDca } from './protocols/snmp-dca.ts';
import { probeMssql, probeOracle } from './protocols/sql-handshakes.ts';

/**
 * What one probe found. `disable`: the answer matched `recvDisable`: up, but for persistent connections only. A monitor
 * of performance finds a ratio, and does not judge.
 */
export type ProbeResult = 'success' | 'disable' | 'failure' | { readonly dynamicRatio: number };

/** A probe of a member by a monitor. */
export interface ProbeRequest {
  readonly monitor: MonitorConfig;
  readonly at: SocketAddress;
  /** Milliseconds of a second of the configuration. */
  readonly msPerSecond: number;
  /** Ends the probe: it is too late, or no longer wanted. */
  readonly signal: AbortSignal;
}

/** Sends one probe. Never rejects: whatever goes wrong is a failure. */
export type Probe = (request: ProbeRequest) => Promise<ProbeResult>;

/**
 * Probes by type of monitor. `tcp-half-open` completes the handshake, and resets the connection. Types that are neither in
 * this table nor in the next connect by TCP.
 */
const PROBES: Readonly<Record<string, Probe>> = {
  tcp: probeTcp,
  'tcp-half-open': probeTcp,
  http: probeTcp,
  https: probeTcp,
  udp: probeUdp,
  icmp: probeIcmp,
  'gateway-icmp': probeIcmp,
  ftp: probeFtp,
  smtp: probeSmtp,
  imap: probeImap,
  pop3: probePop3,
  nntp: probeNntp,
  dns: probeDns,
  mysql: probeMysql,
  postgresql: probePostgresql,
  mssql: probeMssql,
  oracle: probeOracle,
  ldap: probeLdap,
  radius: probeRadius,
  'radius-accounting': probeRadiusAccounting,
  sip: probeSip,
  'snmp-dca': probeSnmpDca,
};

/** Monitors that measure, and do not say whether a member is up. */
const MEASURING = new Set(['snmp-dca', 'snmp-dca-base', 'wmi', 'real-server']);

/** Monitors that do not probe here: they run programs, ask other boxes, watch traffic, or speak what nobody here does. */
const SILENT = new Set([
  'external',
  'scripted',
  'inband',
  'module-score',
  'sasp',
  'virtual-location',
  'snmp-dca-base',
  'wmi',
  'real-server',
]);

/** A type as in the path of its collection, also if it is given as tmsh objects are called. */
function named(type: string): string {
  return type.replaceAll('_', '-');
}

/** Whether monitors of a type measure the load of members instead of their health. */
export function isMeasuring(type: string): boolean {
  return MEASURING.has(named(type));
}

/** The probe of a type of monitor (`gateway-icmp`, or with `_`); undefined: it does not probe, and finds nothing. */
export function probeFor(type: string): Probe | undefined {
  return SILENT.has(named(type)) ? undefined : (PROBES[named(type)] ?? probeConnect);
}

async function probeConnect(request: ProbeRequest): Promise<ProbeResult> {
  return await probeTcp({ ...request, monitor: { ...request.monitor, type: 'tcp-half-open' } });
}
