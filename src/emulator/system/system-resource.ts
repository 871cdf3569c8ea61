import type { AuthenticatedRequest } from '../http/exchange.ts';
import type { TmContext } from '../rest/handle-tm.ts';
import type { Device } from '../session/device.ts';
import type { StatsSource } from '../stats/stats-source.ts';

type Json = Record<string, unknown>;

/** A resource under `/mgmt/tm` that is not a configuration object: status pages and commands. */
export interface SystemResource {
  /** Path under `/mgmt/tm`. */
  readonly path: string;
  /** Answer to a GET; absent: 404 as for an organizing collection without one. */
  readonly get?: (device: Device, stats: StatsSource) => Json;
  /** Answer to a GET of one thing that the page lists, by the last segment of its URI; undefined: not there. */
  readonly item?: (segment: string, device: Device) => Json | undefined;
  /** Answer to a POST of a command. */
  readonly run?: (body: Json, device: Device, request: AuthenticatedRequest) => Json | Promise<Json>;
  /**
   * Answer to a POST of a command that works on the configuration; `run` is for those that need the device
   * alone. Undefined: it is no command, and what the path holds otherwise takes it.
   */
  readonly execute?: (
    body: Json,
    call: { readonly request: AuthenticatedRequest; readonly context: TmContext },
  ) => Json | Promise<Json> | undefined;
  /** First release that has it. */
  readonly since?: string;
}

/** The words of a status page: `{entries: {"<uri>/0": {nestedStats: {entries: {name: {description}}}}}}`. */
export function statusPage(path: string, words: Readonly<Record<string, string>>, device: Device): Json {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const uri = `https://localhost/mgmt/tm/${path}`;
  const entries = Object.fromEntries(Object.entries(words).map(([name, description]) => [name, { description }]));
  return {
    kind: `tm:${path.replaceAll('/', ':')}:${last}stats`,
    selfLink: `${uri}?ver=${device.version.full}`,
    entries: { [`${uri}/0`]: { nestedStats: { entries } } },
  };
}
