import type { CellFault, CellValue, Table } from '../tables/row.ts';
import type { Container } from './container.ts';
import type { Labels } from './labels.ts';
import type { DockerOptions } from './options.ts';
import { readLabels } from './labels.ts';
import { memberOf, onlyPort, parseWantedPort } from './member.ts';
import type { Member } from './member.ts';

/** The label that makes a container one of ours. */
export const POOL_LABEL = 'f5.pool';

/** Which pool a container is for; undefined: none. */
export function poolOf({ labels }: Container): string | undefined {
  const pool = labels[POOL_LABEL]?.trim();
  return pool === '' ? undefined : pool;
}

/** What a container is called in messages. */
export function printContainer({ name }: Container): string {
  return `container ${name}`;
}

/**
 * What the containers of one pool say, by their ids; undefined: nothing. Those that run are members. If none runs, the one
 * that was made last says what the service is, without a member: a container that is stopped, or starts anew, does not take
 * its virtual server along.
 */
export function tablesOfPool(
  containers: readonly Container[],
  options: DockerOptions,
): ReadonlyMap<string, Table | undefined> {
  const isRunning = containers.some(({ running }) => running);
  const last = containers.toSorted((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1))[0];
  return new Map(
    containers.map((container) => {
      const speaks = isRunning ? container.running : container === last;
      return [container.id, speaks ? tableOf(container, options) : undefined];
    }),
  );
}

function tableOf(container: Container, options: DockerOptions): Table {
  const place = { file: printContainer(container) };
  const labels = readLabels(container.labels);
  const values = new Map<string, CellValue>(labels.values);
  const faults = new Map<string, CellFault>();
  const protocol = parseWantedPort(labels.port ?? '')?.protocol ?? 'tcp';
  if (protocol !== 'tcp' && !values.has('protocol')) values.set('protocol', protocol);
  if (container.running) {
    const found = memberFor(container, labels, options);
    if ('member' in found) values.set('member', found.member);
    else faults.set('member', found.fault);
    if (!values.has('state') || values.get('state') === 'enabled') setHealth(container, values, options);
  }
  const columns = [...values.keys(), ...faults.keys()];
  return { place, columns, rows: [{ place, values, ...(faults.size === 0 ? {} : { faults }) }] };
}

function setHealth({ health }: Container, values: Map<string, CellValue>, { unhealthy }: DockerOptions): void {
  if (health === 'unhealthy' || health === 'starting') values.set('state', unhealthy);
}

function memberFor(container: Container, { port: label }: Labels, options: DockerOptions): Member {
  const wanted = label === undefined ? onlyPort(container) : parseWantedPort(label);
  if (wanted !== undefined) return memberOf(container, wanted, options);
  const ports = [...new Set(container.ports.map(({ port, protocol }) => `${port}/${protocol}`))].join(', ');
  const found =
    label === undefined
      ? `it has ${ports === '' ? 'no port that is known' : `ports ${ports}`}`
      : `label f5.port is ${JSON.stringify(label)}`;
  return { fault: { found, remedy: 'name the port of the container: f5.port=8080, or 53/udp', isNoCell: true } };
}
