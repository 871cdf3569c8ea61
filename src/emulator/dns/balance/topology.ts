import { inNetwork } from '../../dataplane/addresses.ts';
import { regionKind, topologyKind } from '../../kinds/gtm/topology.ts';
import type { Device } from '../../session/device.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';

/** What a record's right side may be about: a pool, or a member of one with its data centre and address. */
export interface Place {
  readonly pool: string;
  readonly datacenter?: string;
  readonly address?: string;
}

interface Side {
  readonly not: boolean;
  readonly type: string;
  readonly value: string;
}

const side = /^(?<not>not )?(?<type>\S+) (?<value>.+)$/v;

function readSide(text: string): Side | undefined {
  const groups = side.exec(text)?.groups;
  return groups === undefined
    ? undefined
    : { not: groups['not'] !== undefined, type: groups['type'] ?? '', value: groups['value'] ?? '' };
}

function regionMembers(path: string, device: Device): readonly string[] {
  const region = device.store.get(regionKind, path);
  const items = region?.values['regionMembers'];
  return Array.isArray(items) ? items.map((item: { readonly name?: unknown }) => String(item.name)) : [];
}

/** Whether a side matches, before its `not`. Countries, continents, states and ISPs match nothing: no such data. */
function holds({ type, value }: Side, place: Partial<Place>, lookUp: (path: string) => boolean): boolean {
  switch (type) {
    case 'subnet':
      return place.address !== undefined && inFamily(place.address, value);
    case 'region':
      return lookUp(value);
    case 'pool':
      return place.pool === value;
    case 'datacenter':
      return place.datacenter === value;
    default:
      return false;
  }
}

function inFamily(address: string, network: string): boolean {
  return address.includes(':') === network.includes(':') && inNetwork(address, network);
}

function matches(text: string, place: Partial<Place>, from: { device: Device; depth: number }): boolean {
  const read = readSide(text);
  if (read === undefined || from.depth > 8) {
    return false;
  }
  const inner = { ...from, depth: from.depth + 1 };
  const lookUp = (path: string): boolean =>
    regionMembers(path, from.device).some((member) => matches(member, place, inner));
  return holds(read, place, lookUp) !== read.not;
}

function partsOf(record: ConfigObject): { readonly ldns: string; readonly server: string } {
  const groups = /^ldns: (?<ldns>.+) server: (?<server>.+)$/v.exec(record.name)?.groups;
  return { ldns: groups?.['ldns'] ?? '', server: groups?.['server'] ?? '' };
}

/** Networks by their length; other sides are less near than any network. */
function nearness(ldns: string): number {
  const length = /^subnet .+\/(\d+)$/v.exec(ldns)?.[1];
  return length === undefined ? -1 : Number(length);
}

/** The records of a device in the order in which they are looked at (`topologyLongestMatch`, else `order`). */
export function orderedRecords(device: Device): readonly ConfigObject[] {
  const settings = device.store.lookup('gtm/global-settings/load-balancing', 'gtm/global-settings/load-balancing');
  const longest = settings === undefined || textOf(settings, 'topologyLongestMatch') !== 'no';
  const orderOf = (record: ConfigObject): number => Number(record.values['order'] ?? 0);
  return [...device.store.collection(topologyKind).list()].sort(
    (a, b) => (longest ? nearness(partsOf(b).ldns) - nearness(partsOf(a).ldns) : 0) || orderOf(a) - orderOf(b),
  );
}

/** The score of the first record that fits a client and a place; 0 when none does. */
export function topologyScore(
  client: string,
  place: Place,
  from: { readonly device: Device; readonly records: readonly ConfigObject[] },
): number {
  const within = { device: from.device, depth: 0 };
  const record = from.records.find((each) => {
    const { ldns, server } = partsOf(each);
    return matches(ldns, { address: client }, within) && matches(server, place, within);
  });
  return record === undefined ? 0 : Number(record.values['score'] ?? 1);
}
