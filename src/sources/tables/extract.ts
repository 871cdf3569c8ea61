import type { CellKey, Contribution } from '../../desired/contribution.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Address } from '../../ir/address.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { OriginKey } from '../../ir/origin.ts';
import type { Pool } from '../../ir/pool.ts';
import type { FullPath } from '../../ir/ref.ts';
import type { VirtualServer } from '../../ir/virtual.ts';
import type { Defaults } from '../values/defaults.ts';
import type { PoolPlaces } from '../values/pool-places.ts';
import type { RowProblem } from './mapping.ts';
import type { TableService } from './services.ts';
import { printAddress } from '../../ir/address.ts';
import { canonical } from '../../ir/canonical.ts';
import { originKey } from '../../ir/origin.ts';
import { refOf } from '../../ir/ref.ts';
import { objectionToPool, poolAt } from '../values/pool-places.ts';
import { fitName } from '../values/names.ts';
import { printProblem } from './mapping.ts';
import { printPlace } from './row.ts';

/** What extraction knows beside the rows. */
export interface TableOptions extends PoolPlaces {
  /** The source's name: it starts every cell and origin. No colon. */
  readonly source: string;
  /** The route domain of addresses that name none; left out: the partition's default. */
  readonly routeDomain?: number;
  /** What a service gets where its rows are silent. */
  readonly defaults: Defaults;
  /** Where services come from, as their descriptions say it; left out: the name of the file. */
  readonly label?: string;
}

/** Tables hold no age: in a conflict with something that has one, what stands in a table counts as older. */
const SINCE = '';

/** The origin of a service of a table. */
export function originOfService({ id }: TableService, { source }: TableOptions): OriginKey {
  return originKey(source, 'Service', id);
}

/** The cells of a service: its virtual server, and its pool, which follows the members alone. */
export function cellsOfService(service: TableService, options: TableOptions): readonly [CellKey, CellKey] {
  const front = originOfService(service, options);
  return [front, `${front}#pool`];
}

/**
 * What a service contributes: nothing but its problems if it is frozen. Pure. `isPartial`: more rows may be of it that nobody
 * can read, so what it has not got now may still be wanted.
 */
export function extractService(
  service: TableService,
  options: TableOptions,
  isPartial: boolean,
): readonly Contribution[] {
  const [front, back] = cellsOfService(service, options);
  const origin = originOfService(service, options);
  const objections = objectionsTo(service, options);
  const diagnostics = [...service.problems, ...objections].map((problem) =>
    rowDiagnostic(problem, options.source, origin),
  );
  const shared = { origin, since: SINCE, ...(isPartial ? { keeps: byDefault(service) } : {}) } as const;
  if (service.frozen || objections.length > 0) {
    return [
      { ...shared, cell: front, objects: [], frozen: true, diagnostics },
      { ...shared, cell: back, objects: [], frozen: true, diagnostics: [] },
    ];
  }
  const pool = poolOf(service, options);
  const joins = service.fields.pool === undefined ? {} : { joins: [refOf('pool', pool.path)], yields: unsaid(service) };
  return [
    { ...shared, cell: front, objects: frontOf(service, options).map((object) => canonical(object)), diagnostics },
    { ...shared, cell: back, objects: [pool], ...joins, diagnostics: [] },
  ];
}

/** A problem of a row as its owner is told. Without an origin, its place is that. */
export function rowDiagnostic(problem: RowProblem, source: string, origin?: OriginKey): Diagnostic {
  return {
    code: 'row-invalid',
    severity: 'error',
    summary: `${source}: ${printProblem(problem)}`,
    origin: origin ?? printPlace(problem.place),
    ...(problem.field === undefined ? {} : { field: problem.field }),
  };
}

/** What keeps a service from becoming objects although every row of it can be read. */
function objectionsTo(service: TableService, options: TableOptions): readonly RowProblem[] {
  const { fields, places, provenance } = service;
  const [place = { file: service.name }] = places;
  const problems: RowProblem[] = [];
  if (fields.vip !== undefined && listeningPort(service) === undefined) {
    const text = 'vip has no port, expected one behind it, or port';
    problems.push({ place: provenance.get('vip') ?? place, field: 'port', text });
  }
  if (fields.vip?.port !== undefined && fields.port !== undefined && fields.vip.port !== fields.port) {
    const text = `port is ${fields.port} and that of vip ${fields.vip.port}, expected one of the two`;
    problems.push({ place: provenance.get('port') ?? place, field: 'port', text });
  }
  const objection = fields.pool === undefined ? undefined : objectionToPool(fields.pool, options);
  if (objection !== undefined) {
    const text = `pool is ${JSON.stringify(fields.pool)}, expected ${objection}`;
    problems.push({ place: provenance.get('pool') ?? place, field: 'pool', text });
  }
  return problems;
}

function listeningPort({ fields }: TableService): number | undefined {
  return fields.port ?? fields.vip?.port;
}

function frontOf(service: TableService, options: TableOptions): readonly BigipObject[] {
  const { fields } = service;
  const port = listeningPort(service);
  if (fields.vip === undefined || port === undefined) return [];
  const address = placed(fields.vip.address, options);
  const description = describe(service, options);
  const virtualAddress = `/${options.partition}/${printAddress(address)}`;
  const persistence = fields.persistence ?? 'none';
  const protocol = fields.protocol ?? 'tcp';
  const type = fields.type ?? 'standard';
  const virtual: VirtualServer = {
    kind: 'virtual',
    path: ownPath(service, options),
    description,
    destination: { address, port },
    virtualAddress,
    ipProtocol: protocol,
    pool: poolPath(service, options),
    profiles: fields.profiles ?? options.defaults.profiles[type === 'standard' ? protocol : type],
    ...(persistence === 'none' ? {} : { persistence }),
    sourceAddressTranslation: fields.snat ?? options.defaults.snat,
    ...(fields.rules === undefined ? {} : { rules: fields.rules }),
  };
  return [{ kind: 'virtual-address', path: virtualAddress, description, address }, virtual];
}

function poolOf(service: TableService, options: TableOptions): Pool {
  const { fields, members } = service;
  const mode = fields.load_balancing ?? options.defaults.loadBalancingMode;
  const minActiveMembers = fields.min_active_members;
  const rule = fields.monitor ?? options.defaults.monitors[fields.protocol ?? 'tcp'];
  return {
    kind: 'pool',
    path: poolPath(service, options),
    description: describe(service, options),
    ...(mode === undefined ? {} : { loadBalancingMode: mode }),
    monitor: rule === 'none' ? { monitors: [] } : rule,
    ...(minActiveMembers === undefined ? {} : { minActiveMembers }),
    members: members.map((member) => Object.assign({}, member, { address: placed(member.address, options) })),
  };
}

/** Fields of a pool that others give, too, and that the rows say nothing of: defaults do not stand in anybody's way. */
function unsaid({ fields }: TableService): readonly string[] {
  return [
    ...(fields.load_balancing === undefined ? ['loadBalancingMode'] : []),
    ...(fields.monitor === undefined ? ['monitor'] : []),
  ];
}

/** Fields of the objects that no row says: another row, which nobody can read, may. */
function byDefault({ fields }: TableService): readonly string[] {
  return Object.entries(DEFAULTED).flatMap(([field, sayers]) =>
    sayers.every((name) => fields[name] === undefined) ? [field] : [],
  );
}

/** Fields of objects that are there without a row that says them -> the fields of rows that do. */
const DEFAULTED: Readonly<Record<string, readonly (keyof TableService['fields'])[]>> = {
  description: ['description'],
  ipProtocol: ['protocol'],
  pool: ['pool'],
  profiles: ['profiles', 'type', 'protocol'],
  sourceAddressTranslation: ['snat'],
  loadBalancingMode: ['load_balancing'],
  monitor: ['monitor', 'protocol'],
};

/** `/<partition>/<service>_<port>`. What a name on the device cannot hold is written as `-`. */
function ownPath(service: TableService, { partition }: TableOptions): FullPath {
  const name = service.id.replace('/', '_').replaceAll(/[^\w.-]+/g, '-');
  return `/${partition}/${fitName(name)}`;
}

function poolPath(service: TableService, options: TableOptions): FullPath {
  const { pool } = service.fields;
  if (pool === undefined) return ownPath(service, options);
  return poolAt(pool, options) ?? ownPath(service, options);
}

/** `Service web (vips.csv): what its rows say`. */
function describe({ fields, name, places }: TableService, { source, label }: TableOptions): string {
  const file = label ?? places[0]?.file.split('/').at(-1) ?? source;
  return `Service ${name} (${file})${fields.description === undefined ? '' : `: ${fields.description}`}`;
}

function placed(address: Address, { routeDomain }: TableOptions): Address {
  const domain = address.routeDomain ?? routeDomain;
  return domain === undefined ? { ip: address.ip } : { ip: address.ip, routeDomain: domain };
}
