import { createDataPlane } from '../dataplane/index.ts';
import type { DataPlane, MemberHealth, PoolConfig, SocketAddress } from '../dataplane/model.ts';
import { gtmMonitorKinds } from '../kinds/gtm/monitors.ts';
import { serverKind } from '../kinds/gtm/server.ts';
import { serverVirtualKind } from '../kinds/gtm/server-virtuals.ts';
import { parseAddress } from '../names/address.ts';
import { parseEndpoint } from '../names/service.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { monitorConfig } from '../feed/monitors.ts';
import { probedAt } from './endpoint.ts';
import { allPools, membersOf, ruleOf, targetOf } from './status.ts';

/** How probes meet the machine. */
export interface ProbeOptions {
  /** Factor on all times. */
  readonly timeScale: number;
  readonly reach?: (at: SocketAddress & { readonly routeDomain: number }) => SocketAddress;
}

function poolConfig(monitor: string, destinations: ReadonlySet<string>): PoolConfig {
  const members = [...destinations].flatMap((fullPath) => {
    const endpoint = parseEndpoint(fullPath);
    const address = parseAddress(endpoint?.host ?? '', 0);
    return endpoint === undefined || address === undefined
      ? []
      : [
          {
            fullPath,
            address: address.ip,
            routeDomain: address.routeDomain,
            port: endpoint.port,
            session: 'user-enabled' as const,
            state: 'user-up' as const,
            ratio: 1,
            priorityGroup: 0,
            connectionLimit: 0,
          },
        ];
  });
  return {
    fullPath: monitor,
    loadBalancingMode: 'round-robin',
    minActiveMembers: 0,
    serviceDownAction: 'none',
    monitor: { monitors: [monitor] },
    members,
  };
}

/**
 * The monitors of `gtm`: a data plane of its own that listens nowhere and only probes. For it each monitor is a pool,
 * and each address that the monitor watches a member.
 */
export class Probes {
  readonly #device: Device;
  readonly #plane: DataPlane;
  #watched = new Map<string, string>();

  constructor(device: Device, { timeScale, reach }: ProbeOptions) {
    this.#device = device;
    this.#plane = createDataPlane({ listen: false, probe: true, timeScale, ...(reach === undefined ? {} : { reach }) });
  }

  health(monitor: string, at: string): MemberHealth {
    const health = this.#plane.health(monitor, at);
    return health === 'unchecked' ? 'checking' : health;
  }

  /** Calls back when an address is found to be up or down. */
  onChange(callback: () => void): void {
    this.#plane.onStatus(callback);
  }

  /** Follows the configuration: monitors that changed, and what each watches. */
  update(): void {
    const wanted = this.#wanted();
    const next = new Map<string, string>();
    for (const kind of gtmMonitorKinds) {
      for (const monitor of this.#device.store.collection(kind).list()) {
        const destinations = wanted.get(monitor.fullPath);
        if (destinations !== undefined) {
          this.#watch(monitor, destinations, next);
        }
      }
    }
    for (const gone of [...this.#watched.keys()].filter((path) => !next.has(path))) {
      this.#plane.setPool(gone, undefined);
      this.#plane.setMonitor(gone, undefined);
    }
    this.#watched = next;
  }

  async close(): Promise<void> {
    await this.#plane.close();
  }

  #watch(monitor: ConfigObject, destinations: ReadonlySet<string>, next: Map<string, string>): void {
    const { fullPath } = monitor;
    const config = monitorConfig(monitor, this.#device);
    const pool = poolConfig(fullPath, destinations);
    const [configText, poolText] = [JSON.stringify(config), JSON.stringify(pool)];
    const before = this.#watched.get(fullPath)?.split('\n');
    if (before?.[0] !== configText) {
      this.#plane.setMonitor(fullPath, config);
    }
    if (before?.[1] !== poolText) {
      this.#plane.setPool(fullPath, pool);
    }
    next.set(fullPath, `${configText}\n${poolText}`);
  }

  /** The addresses that each monitor watches, those of boxes (`bigip`) left out. */
  #wanted(): ReadonlyMap<string, ReadonlySet<string>> {
    const wanted = new Map<string, Set<string>>();
    const add = (rule: string | undefined, virtual: ConfigObject): void => {
      for (const monitor of ruleOf(rule)?.monitors ?? []) {
        const type = this.#device.store.lookup('gtm-monitor', monitor)?.kind.path;
        if (type !== 'gtm/monitor/bigip' && type !== 'gtm/monitor/bigip-link') {
          wanted.set(monitor, (wanted.get(monitor) ?? new Set<string>()).add(probedAt(virtual)));
        }
      }
    };
    for (const server of this.#device.store.collection(serverKind).list()) {
      for (const virtual of this.#device.store.collection(serverVirtualKind, server.fullPath).list()) {
        add(textOf(virtual, 'monitor') ?? textOf(server, 'monitor'), virtual);
      }
    }
    for (const pool of allPools(this.#device)) {
      for (const member of membersOf(pool, this.#device)) {
        const target = targetOf(member, this.#device);
        if (target !== undefined) {
          add(textOf(member, 'monitor') ?? textOf(pool, 'monitor'), target.virtual);
        }
      }
    }
    return wanted;
  }
}
