import type { MonitorConfig, SocketAddress } from '../model.ts';
import { probeGreeting } from './probe-greeting.ts';
import { probeReachable, probeTcp } from './probe-tcp.ts';
import { probeUdp } from './probe-udp.ts';

/** What one probe found. `disable`: the answer matched `recvDisable`: up, but for persistent connections only. */
export type ProbeResult = 'success' | 'disable' | 'failure';

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
 * Probes by type of monitor. There are no raw sockets in Node, so ICMP monitors try to connect: an answer of any kind,
 * a refusal too, shows that the host is there. `tcp-half-open` completes the handshake, and resets the connection.
 * Types that are not in this table (databases, directories, external programs, …) connect by TCP.
 */
const PROBES: Readonly<Record<string, Probe>> = {
  tcp: probeTcp,
  'tcp-half-open': probeTcp,
  http: probeTcp,
  https: probeTcp,
  udp: probeUdp,
  icmp: probeReachable,
  'gateway-icmp': probeReachable,
  ftp: probeGreeting,
  smtp: probeGreeting,
  imap: probeGreeting,
  pop3: probeGreeting,
  nntp: probeGreeting,
};

/** The probe of a type of monitor (`gateway-icmp`, or with `_` as tmsh objects are called). */
export function probeFor(type: string): Probe {
  return PROBES[type.replaceAll('_', '-')] ?? probeConnect;
}

async function probeConnect(request: ProbeRequest): Promise<ProbeResult> {
  return await probeTcp({ ...request, monitor: { ...request.monitor, type: 'tcp-half-open' } });
}
