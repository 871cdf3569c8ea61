import { printDestination } from '../../dataplane/addresses.ts';
import type { Listener, SocketAddress } from '../../dataplane/model.ts';
import { openTcp, openUdp, type Handler, type OpenSocket } from './sockets.ts';

/** Where DNS is to be answered. */
export interface WantedListener {
  /** Full path of the `gtm listener`. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
  /** Why it is not to listen, in words. */
  readonly problem?: string;
}

/** How listeners meet the machine; as for virtual servers. */
export interface ListenerOptions {
  readonly map: 'auto' | 'always' | 'never';
  readonly mapAddress: string;
}

interface Slot {
  readonly wanted: WantedListener;
  open?: OpenSocket | undefined;
  problem?: string | undefined;
}

function keyOf({ name, protocol }: WantedListener): string {
  return `${name} ${protocol}`;
}

function isSame(a: WantedListener, b: WantedListener): boolean {
  return a.address === b.address && a.port === b.port && a.problem === b.problem;
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

function describe({ wanted, open, problem }: Slot): Listener {
  return {
    virtual: wanted.name,
    destination: printDestination(wanted.address, wanted.port),
    protocol: wanted.protocol,
    ...(open === undefined ? {} : { address: open.at.address, port: open.at.port }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** How often another port is tried when UDP and TCP cannot have the same. */
const mostTries = 8;

/** The sockets that answer DNS. Changes are carried out one after the other; {@link settled} tells when. */
export class DnsListeners {
  readonly #handle: Handler;
  readonly #options: ListenerOptions;
  readonly #slots = new Map<string, Slot>();
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(handle: Handler, options: ListenerOptions) {
    this.#handle = handle;
    this.#options = options;
  }

  /** From now on these are wanted, and no others. */
  update(wanted: readonly WantedListener[]): void {
    this.#work = this.#work.then(() => this.#follow(wanted));
  }

  table(): readonly Listener[] {
    return [...this.#slots.values()].map(describe);
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    for (const slot of this.#slots.values()) {
      slot.open?.close();
    }
    this.#slots.clear();
  }

  async #follow(wanted: readonly WantedListener[]): Promise<void> {
    if (this.#closed) {
      return;
    }
    const keys = new Map(wanted.map((each) => [keyOf(each), each]));
    for (const [key, slot] of this.#slots) {
      const next = keys.get(key);
      if (next === undefined || !isSame(next, slot.wanted)) {
        slot.open?.close();
        this.#slots.delete(key);
      }
    }
    for (const [key, each] of keys) {
      const slot = this.#slots.get(key) ?? { wanted: each };
      this.#slots.set(key, slot);
      if (slot.open === undefined) {
        slot.problem = each.problem;
        await (each.problem === undefined ? this.#open(slot) : undefined);
      }
    }
  }

  /** Its own address, else a port of the mapping address. What failed before is tried again at each change. */
  async #open(slot: Slot): Promise<void> {
    const { address, port } = slot.wanted;
    const { map } = this.#options;
    if (map !== 'always' && !isAny(address)) {
      try {
        slot.open = await this.#bind(slot, { address, port: port === 0 ? this.#siblingPort(slot) : port });
        slot.problem = undefined;
        return;
      } catch (error) {
        const { code = 'unknown error' } = error as NodeJS.ErrnoException;
        slot.problem = `Cannot listen on ${printDestination(address, port)}: ${code}.`;
        if (map === 'never' || (isTaken(error) && port !== 0)) {
          return;
        }
      }
    }
    await this.#map(slot);
  }

  /** A port of the mapping address: that of the other protocol, so that a client finds both at one place. */
  async #map(slot: Slot): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      try {
        slot.open = await this.#bind(slot, { address: this.#options.mapAddress, port: this.#siblingPort(slot) });
        slot.problem = undefined;
        return;
      } catch (error) {
        slot.problem = `Cannot listen on ${this.#options.mapAddress}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`;
        await this.#moveSibling(slot);
      }
    }
  }

  /** Somebody else has the port for this protocol: the other one goes to another port too. */
  async #moveSibling(slot: Slot): Promise<void> {
    const sibling = this.#sibling(slot);
    if (sibling?.open === undefined) {
      return;
    }
    const { address } = sibling.open.at;
    sibling.open.close();
    sibling.open = undefined;
    sibling.open = await this.#bind(sibling, { address, port: 0 }).catch(() => undefined);
  }

  #bind(slot: Slot, at: SocketAddress): Promise<OpenSocket> {
    return slot.wanted.protocol === 'udp' ? openUdp(at, this.#handle) : openTcp(at, this.#handle);
  }

  /** The slot of the other protocol at the same destination, when its port was chosen by the system. */
  #sibling({ wanted }: Slot): Slot | undefined {
    return [...this.#slots.values()].find(
      (other) =>
        other.wanted.protocol !== wanted.protocol &&
        other.wanted.address === wanted.address &&
        other.wanted.port === wanted.port &&
        other.open !== undefined &&
        other.open.at.port !== wanted.port,
    );
  }

  #siblingPort(slot: Slot): number {
    return this.#sibling(slot)?.open?.at.port ?? 0;
  }
}
