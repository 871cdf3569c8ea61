import type { RemoteInfo, Socket } from 'node:dgram';
import { inNetwork, plainAddress } from '../addresses.ts';
import { admits } from '../admission.ts';
import type { Member } from '../pool.ts';
import { selectMember } from '../selection.ts';
import { isEnabled, profileOf, secondsSetting } from '../settings.ts';
import type { PlaneContext, VirtualServer } from '../virtual-server.ts';
import { UdpFlow } from './udp-flow.ts';

/**
 * Datagrams of a UDP virtual server. A client's address and port make a flow, which keeps its member until it is
 * idle. With the udp profile's `datagramLoadBalancing` each datagram is balanced anew (its answers still find the
 * client). Datagrams that nobody takes are dropped: a socket can't send the ICMP error that a BIG-IP would.
 */
export class UdpProxy {
  readonly #context: PlaneContext;
  readonly #virtual: VirtualServer;
  readonly #socket: Socket;
  readonly #flows = new Map<string, UdpFlow>();

  constructor(context: PlaneContext, virtual: VirtualServer, socket: Socket) {
    this.#context = context;
    this.#virtual = virtual;
    this.#socket = socket;
    socket.on('message', (bytes, from) => this.#received(bytes, from));
  }

  /** Ends all flows: without the socket no answer would reach a client. */
  close(): void {
    for (const flow of this.#flows.values()) flow.abort();
  }

  #received(bytes: Buffer, from: RemoteInfo): void {
    const { config } = this.#virtual;
    const client = plainAddress(from.address);
    const settings = profileOf(config, 'udp')?.settings;
    if (!config.enabled || !inNetwork(client, config.source)) return;
    if (bytes.length === 0 && !isEnabled(settings, 'allowNoPayload')) return;
    const perDatagram = isEnabled(settings, 'datagramLoadBalancing');
    const known = perDatagram ? undefined : this.#flows.get(flowKey(from));
    const flow = known ?? this.#open(from, perDatagram, bytes);
    flow?.send(bytes);
  }

  #open(from: RemoteInfo, perDatagram: boolean, bytes: Buffer): UdpFlow | undefined {
    const virtual = this.#virtual;
    const { config } = virtual;
    const pool = config.pool === undefined ? undefined : this.#context.pools.get(config.pool);
    if (pool === undefined) return undefined;
    const subject = { client: plainAddress(from.address), bytes };
    const member = selectMember(pool, { context: this.#context, virtual, config, subject });
    if (member === undefined || (member.config.port === 0 && config.port === 0)) return undefined;
    const key = perDatagram ? `${flowKey(from)} ${member.config.fullPath}` : flowKey(from);
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    if (!admits(this.#context, virtual, subject.client)) return undefined;
    const flow = this.#startFlow(from, member, key);
    this.#flows.set(key, flow);
    return flow;
  }

  #startFlow(from: RemoteInfo, member: Member, key: string): UdpFlow {
    const { config } = this.#virtual;
    const layer4 = profileOf(config, 'fastl4') ?? profileOf(config, 'udp');
    return new UdpFlow({
      context: this.#context,
      virtual: this.#virtual,
      member,
      port: member.config.port === 0 ? config.port : member.config.port,
      idleMs: secondsSetting(layer4?.settings, 'idleTimeout', 60) * this.#context.msPerSecond,
      answer: (bytes) => this.#socket.send(bytes, from.port, from.address),
      onEnd: () => this.#flows.delete(key),
    });
  }
}

function flowKey(from: RemoteInfo): string {
  return `${from.address} ${from.port}`;
}
