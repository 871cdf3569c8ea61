import { isMap } from '../tables/document.ts';

/** One port of a container; published on an address of the host, if it is. */
export interface ContainerPort {
  readonly port: number;
  readonly protocol: string;
  readonly publicIp?: string;
  readonly publicPort?: number;
}

/** A container, cut down to what is used. */
export interface Container {
  readonly id: string;
  /** Without the slash that the Engine puts in front. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly running: boolean;
  /** `starting` or `unhealthy`: its own health check says so. */
  readonly health: 'healthy' | 'starting' | 'unhealthy' | 'none';
  readonly hostNetwork: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
  /** Addresses by the names of networks. */
  readonly networks: Readonly<Record<string, string>>;
}

/**
 * Reads an item of `GET /containers/json` (Docker Engine API, K). Undefined: it is none. Paused containers are up, and take
 * no connections; restarting ones take none yet.
 */
export function readContainer(item: unknown): Container | undefined {
  if (!isMap(item) || typeof item['Id'] !== 'string') return undefined;
  const { Id: id, Names: names, Created: created, State: state, Labels: labels, Ports: ports } = item;
  const [name] = Array.isArray(names) ? (names as readonly unknown[]) : [];
  return {
    id,
    name: typeof name === 'string' ? name.replace(/^\//, '') : id.slice(0, 12),
    created: typeof created === 'number' ? created : 0,
    running: state === 'running',
    health: healthOf(item),
    hostNetwork: isMap(item['HostConfig']) && item['HostConfig']['NetworkMode'] === 'host',
    labels: textsOf(labels),
    ports: (Array.isArray(ports) ? ports : []).flatMap(readPort),
    networks: readNetworks(item['NetworkSettings']),
  };
}

/** Newer Engines say it in a field, all of them in words: `Up 5 minutes (unhealthy)`, `(health: starting)`. */
function healthOf(item: Readonly<Record<string, unknown>>): Container['health'] {
  const { Health: health, Status: status } = item;
  const said = isMap(health) ? health['Status'] : /\((?:health: )?(\w+)\)$/.exec(String(status))?.[1];
  return said === 'healthy' || said === 'starting' || said === 'unhealthy' ? said : 'none';
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = isMap(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])));
}

function readPort(item: unknown): readonly ContainerPort[] {
  if (!isMap(item)) return [];
  const { PrivatePort: port, PublicPort: publicPort, Type: protocol, IP: ip } = item;
  if (typeof port !== 'number' || typeof protocol !== 'string') return [];
  const published =
    typeof publicPort === 'number' ? { publicPort, publicIp: typeof ip === 'string' ? ip : '0.0.0.0' } : {};
  return [{ port, protocol, ...published }];
}

function readNetworks(settings: unknown): Readonly<Record<string, string>> {
  const networks = isMap(settings) && isMap(settings['Networks']) ? Object.entries(settings['Networks']) : [];
  return Object.fromEntries(
    networks.flatMap(([name, network]) => {
      const { IPAddress: v4, GlobalIPv6Address: v6 } = isMap(network) ? network : {};
      const address = [v4, v6].find((ip) => typeof ip === 'string' && ip !== '');
      return typeof address === 'string' ? [[name, address]] : [];
    }),
  );
}
