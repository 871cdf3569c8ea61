import { plainAddress } from '../dataplane/addresses.ts';
import type { DataPlane, DataPlaneOptions, Listener, MemberHealth } from '../dataplane/model.ts';
import { readWildcard } from '../kinds/fields/addresses.ts';
import { listenerKind } from '../kinds/gtm/topology.ts';
import { fromCanonical } from '../names/address.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import { DnsFormatError } from './codec/name.ts';
import { readQuery } from './codec/query.ts';
import { responseBytes, udpLimit, type Response } from './codec/response.ts';
import { DnsCounters, placeOf, type DnsCounts } from './counters.ts';
import { ManualResume } from './manual-resume.ts';
import { DnsListeners, type WantedListener } from './net/listeners.ts';
import { DnsPersistence } from './persistence.ts';
import { Probes } from './probes.ts';
import { Resolver } from './resolver.ts';
import { Responder } from './responder.ts';
import { isEnabled } from './status.ts';
import { Wideips } from './wideips.ts';

/** How `gtm` answers DNS. */
export interface DnsOptions extends Pick<DataPlaneOptions, 'map' | 'mapAddress' | 'listen' | 'timeScale' | 'reach'> {
  /** A port of `mapAddress` that answers without a `gtm listener`, by UDP and TCP; 0: any that is free. */
  readonly port?: number;
  /** 0 to 1, for `poolLbMode random`. */
  readonly random?: () => number;
}

/** What DNS needs of its surroundings. */
export interface DnsContext {
  readonly device: Device;
  /** Whose virtual servers `bigip` monitors hear of. */
  readonly plane: DataPlane | undefined;
  /** The configuration was changed from within (`manualResume`). */
  readonly onChange: (changes: readonly JournalEntry[]) => void;
}

/** The name in the table of listeners of the port that needs no `gtm listener`. */
const portName = '(dns)';
const tables = /^gtm\/wideip\//v;
const topology = /^gtm\/(?:topology|region|global-settings)/v;

/** `gtm` as it answers: listeners, probes and what they remember. */
export class Dns {
  readonly #context: DnsContext;
  readonly #options: DnsOptions;
  readonly #counters = new DnsCounters();
  readonly #resolver: Resolver;
  readonly #responder: Responder;
  readonly #listeners: DnsListeners;
  readonly #probes: Probes | undefined;
  readonly #manualResume: ManualResume;
  readonly #stopListening: () => void;
  #wideips: Wideips | undefined;
  #update: NodeJS.Timeout | undefined;
  /** Milliseconds that it took to follow the configuration. */
  #cost = 0;
  #closed = false;

  constructor(context: DnsContext, options: DnsOptions) {
    const { device, plane } = context;
    const { timeScale = 1, reach, map = 'auto', mapAddress = '127.0.0.1', random = Math.random } = options;
    this.#context = context;
    this.#options = options;
    const persistence = new DnsPersistence(() => device.clock.now() / timeScale);
    this.#resolver = new Resolver({ device, counters: this.#counters, persistence, random });
    this.#responder = new Responder({
      resolver: this.#resolver,
      counters: this.#counters,
      wideips: () => this.#table(),
    });
    this.#listeners = new DnsListeners((...asked) => this.answer(...asked), { map, mapAddress });
    this.#probes =
      options.listen === false
        ? undefined
        : new Probes(device, { timeScale, ...(reach === undefined ? {} : { reach }) });
    this.#manualResume = new ManualResume(device, this.#resolver.status);
    this.#probes?.onChange(() => this.#soon());
    this.#stopListening = plane?.onStatus(() => this.#soon()) ?? (() => {});
    this.#follow();
  }

  /** Tells it what a commit changed. */
  changed(changes: readonly JournalEntry[]): void {
    const paths = changes.map(({ kind }) => kind.path);
    if (!paths.some((path) => path.startsWith('gtm/') || path.startsWith('ltm/') || path === 'sys/provision')) {
      return;
    }
    if (paths.some((path) => tables.test(path))) {
      this.#wideips = undefined;
    }
    if (paths.some((path) => topology.test(path))) {
      this.#resolver.topologyChanged();
    }
    for (const { kind, scope, fullPath } of changes.filter(({ kind }) => kind.path.startsWith('gtm/'))) {
      if (this.#context.device.store.get(kind, fullPath, scope) === undefined) {
        this.#counters.forget(placeOf({ kind, scope, fullPath }));
        this.#resolver.rotation.forget(`${kind.path} ${fullPath}`);
      }
    }
    this.#soon();
  }

  /** The bytes of the answer to a message; undefined: none. Whatever the message holds, nothing is thrown. */
  answer(message: Buffer, client: string, limit?: number): Buffer | undefined {
    const query = readQuery(message);
    if (query === undefined) {
      return undefined;
    }
    const response = this.#responder.respond(query, plainAddress(client));
    if (response === undefined) {
      return undefined;
    }
    const most = limit ?? udpLimit(query);
    try {
      return responseBytes(query, response, most);
    } catch (error) {
      if (!(error instanceof DnsFormatError)) {
        throw error;
      }
      // A configured name that fits into no message (a label of more than 63 characters).
      const failed: Response = { ...response, rcode: 'servfail', answers: [], authority: [], additional: [] };
      return responseBytes(query, failed, most);
    }
  }

  /** Health of an address as a monitor of `gtm` found it. */
  health(monitor: string, at: string): MemberHealth {
    return this.#probes?.health(monitor, at) ?? 'checking';
  }

  counts(object: ConfigObject): DnsCounts {
    return this.#counters.of(object);
  }

  listeners(): readonly Listener[] {
    return this.#listeners.table();
  }

  /** Resolves when listeners and probes follow the configuration set so far. */
  async settled(): Promise<void> {
    if (this.#update !== undefined) {
      this.#follow();
    }
    await this.#listeners.settled();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#update);
    this.#stopListening();
    await this.#listeners.close();
    await this.#probes?.close();
  }

  #table(): Wideips {
    this.#wideips ??= new Wideips(this.#context.device);
    return this.#wideips;
  }

  /** Many changes at once are followed once: to follow takes a tenth of the time at most, however much there is. */
  #soon(): void {
    if (!this.#closed) {
      this.#update ??= setTimeout(() => this.#follow(), this.#cost * 10);
    }
  }

  #follow(): void {
    clearTimeout(this.#update);
    this.#update = undefined;
    const started = performance.now();
    this.#followAll();
    this.#cost = performance.now() - started;
  }

  #followAll(): void {
    this.#probes?.update();
    this.#listeners.update(this.#wanted());
    const changes = this.#manualResume.look();
    if (changes.length > 0) {
      this.#context.onChange(changes);
    }
  }

  #wanted(): readonly WantedListener[] {
    const { device } = this.#context;
    const level = device.store.lookup('sys/provision', 'gtm')?.values['level'];
    if (level === undefined || level === 'none') {
      return [];
    }
    const { port, mapAddress = '127.0.0.1', listen } = this.#options;
    const off = listen === false ? { problem: 'The data plane is off.' } : {};
    const own = (['udp', 'tcp'] as const).flatMap((protocol) =>
      port === undefined ? [] : [{ name: portName, address: mapAddress, port, protocol, ...off }],
    );
    const listeners = [...device.store.collection(listenerKind).list()].map((each) =>
      Object.assign(wantedOf(each), off),
    );
    return [...own, ...listeners];
  }
}

function wantedOf(listener: ConfigObject): WantedListener {
  const stored = textOf(listener, 'address') ?? 'any';
  const wildcard = readWildcard(stored);
  const any = wildcard?.word === 'any6' ? '::' : '0.0.0.0';
  return {
    name: listener.fullPath,
    address: wildcard === undefined ? fromCanonical(stored).ip : any,
    port: Number(listener.values['port'] ?? 53),
    protocol: textOf(listener, 'ipProtocol') === 'tcp' ? 'tcp' : 'udp',
    ...(isEnabled(listener) ? {} : { problem: 'The listener is disabled.' }),
  };
}
