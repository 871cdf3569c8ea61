import { isLoopback, printDestination } from './addresses.ts';
import { openListener } from './listening.ts';
import type { OpenListener } from './listening.ts';
import type { DataPlaneOptions, Listener, SocketAddress, VirtualConfig } from './model.ts';
import { profileOf } from './settings.ts';
import type { PlaneContext, VirtualServer } from './virtual-server.ts';

/** One protocol of one virtual server: what it should listen on, and what it does. */
interface Slot {
  readonly virtual: VirtualServer;
  readonly protocol: string;
  /** Counts changes of the destination: a listener that was opened for an earlier one is closed again. */
  revision: number;
  open: OpenListener | undefined;
  problem: string | undefined;
  /** The mapped port that it had, to have it again. */
  mappedPort: number;
}

/** The listening sockets of all virtual servers. Changes begin at once; {@link settled} tells when they are done. */
export class Listeners {
  readonly #context: PlaneContext;
  readonly #options: DataPlaneOptions;
  readonly #slots = new Map<string, Slot[]>();
  readonly #pending = new Set<Promise<void>>();
  /** Slots whose address is taken by another listener. */
  readonly #blocked = new Set<Slot>();
  #closed = false;

  constructor(context: PlaneContext, options: DataPlaneOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** The virtual server is new, or has a new configuration; `previous` is the one that it had. */
  set(virtual: VirtualServer, previous: VirtualConfig | undefined): void {
    const { config } = virtual;
    if (previous !== undefined && bindKey(previous) === bindKey(config)) return;
    const before = this.#slots.get(config.fullPath) ?? [];
    const slots = protocolsOf(config).map(
      (protocol) => before.find((one) => one.protocol === protocol) ?? newSlot(virtual, protocol),
    );
    this.#slots.set(config.fullPath, slots);
    for (const slot of before) this.#close(slot);
    for (const slot of slots) this.#open(slot);
    this.#retryBlocked();
  }

  /** The virtual server is gone. */
  remove(fullPath: string): void {
    for (const slot of this.#slots.get(fullPath) ?? []) this.#close(slot);
    this.#slots.delete(fullPath);
    this.#retryBlocked();
  }

  /** Where each virtual server listens, in the order in which they came. */
  table(): readonly Listener[] {
    return [...this.#slots.values()].flat().map(describe);
  }

  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  close(): void {
    this.#closed = true;
    for (const slot of [...this.#slots.values()].flat()) this.#close(slot);
  }

  #close(slot: Slot): void {
    slot.revision += 1;
    slot.open?.close();
    slot.open = undefined;
    slot.problem = undefined;
    this.#blocked.delete(slot);
  }

  #open(slot: Slot): void {
    slot.problem = this.#options.listen === false ? 'The data plane is off.' : cannotServe(slot);
    if (slot.problem !== undefined) return;
    const task = this.#bind(slot, slot.revision).finally(() => this.#pending.delete(task));
    this.#pending.add(task);
  }

  /** Tries the slot's places in turn; a listener that comes too late for a change is closed again. */
  async #bind(slot: Slot, revision: number): Promise<void> {
    let problem: string | undefined;
    for (const at of this.#places(slot)) {
      try {
        const opened = await openListener(this.#context, slot.virtual, { protocol: asSocketType(slot.protocol), at });
        if (slot.revision !== revision || this.#closed) opened.close();
        else this.#opened(slot, opened);
        return;
      } catch (error) {
        problem ??= problemText(at, error);
        if (isTaken(error) && slot.revision === revision) this.#blocked.add(slot);
        if (!triesElsewhere(error, at.port === slot.mappedPort)) break;
      }
    }
    if (slot.revision === revision) slot.problem = problem;
  }

  #opened(slot: Slot, opened: OpenListener): void {
    slot.open = opened;
    slot.problem = undefined;
    this.#blocked.delete(slot);
    if (opened.at.port !== slot.virtual.config.port) slot.mappedPort = opened.at.port;
  }

  /** Its own address, the mapped port that it had before, any port of the mapping address: as the option says. */
  #places(slot: Slot): readonly SocketAddress[] {
    const { address, port } = slot.virtual.config;
    const { map = 'auto', mapAddress = '127.0.0.1' } = this.#options;
    const own = { address, port };
    if (map === 'never') return [own];
    const mapped = [...new Set([slot.mappedPort, 0])].map((one) => ({ address: mapAddress, port: one }));
    const mayListenThere = port !== 0 && (isLoopback(address) || !isAny(address));
    return map === 'auto' && mayListenThere ? [own, ...mapped] : mapped;
  }

  /** An address may have become free: two virtual servers that swap theirs meet for a moment. */
  #retryBlocked(): void {
    for (const slot of this.#blocked) {
      this.#blocked.delete(slot);
      if (slot.open === undefined) this.#open(slot);
    }
  }
}

function describe({ virtual: { config }, protocol, open, problem }: Slot): Listener {
  return {
    virtual: config.fullPath,
    destination: printDestination(config.address, config.port),
    protocol,
    ...(open === undefined ? {} : { address: open.at.address, port: open.at.port }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function newSlot(virtual: VirtualServer, protocol: string): Slot {
  return { virtual, protocol, revision: 0, open: undefined, problem: undefined, mappedPort: 0 };
}

/** What a listening socket depends on; everything else is looked up when a connection comes. */
function bindKey(config: VirtualConfig): string {
  const tls = profileOf(config, 'client-ssl') !== undefined;
  return [config.address, config.port, config.ipProtocol, config.enabled, config.standby === true, tls].join(' ');
}

/** `any` listens for TCP and UDP. */
function protocolsOf(config: VirtualConfig): readonly string[] {
  return config.ipProtocol === 'any' ? ['tcp', 'udp'] : [config.ipProtocol];
}

function asSocketType(protocol: string): 'tcp' | 'udp' {
  return protocol === 'udp' ? 'udp' : 'tcp';
}

function cannotServe({ virtual: { config }, protocol }: Slot): string | undefined {
  if (!config.enabled) return 'The virtual server is disabled.';
  if (config.standby === true) return 'Another device is active for its traffic group.';
  if (protocol !== 'tcp' && protocol !== 'udp') return `Protocol '${protocol}' is not supported by Node.`;
  if (protocol === 'udp' && profileOf(config, 'client-ssl') !== undefined) return 'DTLS is not supported by Node.';
  return undefined;
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || address === 'any' || address === 'any6';
}

/** An address of another machine or a privileged port is mapped; a mapped port may have been taken meanwhile. */
function triesElsewhere(error: unknown, wasMapped: boolean): boolean {
  return wasMapped || !isTaken(error);
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

function problemText(at: SocketAddress, error: unknown): string {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return `Cannot listen on ${printDestination(at.address, at.port)}: ${code}.`;
}
