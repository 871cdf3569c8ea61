import type { PoolMember } from '../../ir/pool.ts';
import type { FieldName, RowFields } from './fields.ts';
import type { MappedRow, RowProblem } from './mapping.ts';
import type { Place } from './row.ts';
import { printEndpoint } from '../../ir/address.ts';
import { equalValues } from '../../ir/equal.ts';
import { fields } from './fields.ts';
import { printPlace } from './row.ts';

/** What becomes of a row that cannot be understood. */
export type BadRows =
  /** Its service stays as it is on the device; all others go on. */
  | 'freeze'
  /** The row is left out; what the other rows of its service say holds. */
  | 'skip'
  /** Nothing of the table is taken: everything of the source stays as it is. */
  | 'refuse';

/** A service as its rows put it together. */
export interface TableService {
  /** The name, and the port if there is one: `web/80`. */
  readonly id: string;
  readonly name: string;
  readonly fields: Omit<RowFields, 'member' | 'member_port' | 'weight' | 'priority' | 'state' | 'connection_limit'>;
  readonly members: readonly PoolMember[];
  /** Its rows, for people. */
  readonly places: readonly Place[];
  /** Who says which field, for people. */
  readonly provenance: ReadonlyMap<FieldName, Place>;
  /** The rows of the members, by their names. */
  readonly memberPlaces: ReadonlyMap<string, Place>;
  /** One of its rows cannot be used: nothing of it is believed. */
  readonly frozen: boolean;
  readonly problems: readonly RowProblem[];
}

/** What a table says. */
export interface TableServices {
  readonly services: ReadonlyMap<string, TableService>;
  /** Problems that belong to no service. */
  readonly problems: readonly RowProblem[];
  /** A row that may be of any service cannot be used, so nobody can say that one is gone. */
  readonly doubt: boolean;
  /** A row is of a service that nobody can tell: every service may lack a member, or a field. */
  readonly nameless: boolean;
}

/** Puts the rows of one or several tables together to services. The order of the rows matters to messages only. */
export function gatherServices(
  rows: Iterable<MappedRow>,
  options: { readonly badRows: BadRows; readonly partition: string },
): TableServices {
  const drafts = new Map<string, Draft>();
  const problems: RowProblem[] = [];
  // Names of which some row may be of any port: nobody can say that one of their services, or members, is gone.
  const vague = new Set<string>();
  let nameless = false;
  for (const row of rows) {
    const name = row.fields.service;
    if (name === undefined) {
      problems.push(...namelessProblems(row));
      nameless = true;
    } else if (isElsewhere(row, options.partition)) problems.push(elsewhere(row, options.partition));
    else {
      const id = idOf(name, row);
      if (id === undefined) vague.add(name);
      const draft = drafts.get(id ?? escaped(name)) ?? new Draft(id ?? escaped(name), name, options.badRows);
      drafts.set(draft.id, draft);
      draft.add(row);
    }
  }
  for (const draft of drafts.values()) draft.settle(vague);
  nameless &&= options.badRows !== 'skip';
  const doubt = nameless || (vague.size > 0 && options.badRows !== 'skip');
  const refused = options.badRows === 'refuse' && (doubt || [...drafts.values()].some(({ bad }) => bad));
  const services = new Map([...drafts].map(([id, draft]) => [id, draft.finish(refused)]));
  return { services, problems, doubt: doubt || refused, nameless };
}

function isElsewhere({ fields: { partition } }: MappedRow, own: string): boolean {
  return partition !== undefined && partition !== own;
}

function elsewhere({ fields: { partition }, place }: MappedRow, own: string): RowProblem {
  const text = `partition is ${JSON.stringify(partition)}, expected ${own}: the row is left out`;
  return { place, field: 'partition', text };
}

/** Undefined: it cannot be told, because the port is not understood. */
function idOf(name: string, { fields: { port, vip }, problems, lost }: MappedRow): string | undefined {
  if (lost === true) return undefined;
  const listening = port ?? vip?.port;
  if (listening !== undefined) return `${escaped(name)}/${listening}`;
  return problems.some(({ field }) => field === 'port' || field === 'vip') ? undefined : escaped(name);
}

/** Names may hold what separates the parts of keys. */
function escaped(name: string): string {
  return name.replaceAll(/[%/#:]/g, (char) => encodeURIComponent(char));
}

/** What is wrong with a row that names no service. */
export function namelessProblems({ place, problems }: MappedRow): readonly RowProblem[] {
  if (problems.some(({ field }) => field === 'service')) return problems;
  return [...problems, { place, field: 'service', text: `service is empty, expected ${fields.service.form}` }];
}

/** The fields that all rows of a service share. */
const SHARED = (Object.keys(fields) as readonly FieldName[]).filter((field) => fields[field].of === 'service');

class Draft {
  /** A row of it cannot be used, or contradicts another. */
  bad = false;
  readonly #badRows: BadRows;
  readonly id: string;
  readonly #name: string;
  readonly #fields: Record<string, unknown> = {};
  readonly #provenance = new Map<FieldName, Place>();
  readonly #members = new Map<string, { readonly member: PoolMember; readonly place: Place }>();
  readonly #waiting: MappedRow[] = [];
  readonly #places: Place[] = [];
  readonly #problems: RowProblem[] = [];

  constructor(id: string, name: string, badRows: BadRows) {
    this.#badRows = badRows;
    this.id = id;
    this.#name = name;
  }

  add(row: MappedRow): void {
    this.#places.push(row.place);
    this.#problems.push(...row.problems);
    const isBad = row.problems.length > 0;
    this.bad ||= isBad;
    // What a bad row does say may be wrong, too.
    if (isBad && this.#badRows === 'skip') return;
    for (const field of SHARED) this.#share(field, row);
    this.#waiting.push(row);
  }

  /** All rows are there: members that lean on the service's port can be told. `vague`: names of which some row is lost. */
  settle(vague: ReadonlySet<string>): void {
    this.bad ||= vague.has(this.#name);
    for (const row of this.#waiting) this.#addMembers(row);
  }

  finish(refused: boolean): TableService {
    const members = [...this.#members.values()].map(({ member }) => member);
    return {
      id: this.id,
      name: this.#name,
      fields: this.#fields,
      members: members.sort((a, b) => (printEndpoint(a) < printEndpoint(b) ? -1 : 1)),
      places: this.#places,
      provenance: this.#provenance,
      memberPlaces: new Map([...this.#members].map(([name, { place }]) => [name, place])),
      frozen: refused || (this.bad && this.#badRows !== 'skip'),
      problems: this.#problems,
    };
  }

  #share(field: FieldName, { fields: given, place, columnOf }: MappedRow): void {
    const value = given[field];
    if (value === undefined) return;
    const before = this.#provenance.get(field);
    if (before === undefined) {
      this.#fields[field] = value;
      const column = columnOf.get(field);
      this.#provenance.set(field, column === undefined ? place : { ...place, column });
    } else if (!equalValues(this.#fields[field], value)) {
      const text = `${field} differs from that of ${printPlace(before)}, expected the same in all rows of service ${this.#name}`;
      this.#reject({ place, field, text });
    }
  }

  #addMembers({ fields: given, place }: MappedRow): void {
    for (const { address, port: own } of given.member ?? []) {
      const port = own ?? given.member_port ?? this.#listeningPort;
      if (port === undefined) {
        this.#reject({
          place,
          field: 'member_port',
          text: `member ${address.ip} has no port, expected one behind it, or member_port, or port`,
        });
        continue;
      }
      const member: PoolMember = { address, port, ...memberFields(given) };
      const key = printEndpoint(member);
      const before = this.#members.get(key);
      if (before === undefined) this.#members.set(key, { member, place });
      else if (!equalValues(before.member, member)) {
        this.#reject({
          place,
          field: 'member',
          text: `member ${key} differs from that of ${printPlace(before.place)}, expected it once`,
        });
      }
    }
  }

  get #listeningPort(): number | undefined {
    const { port, vip } = this.#fields as RowFields;
    return port ?? vip?.port;
  }

  #reject(problem: RowProblem): void {
    this.#problems.push(problem);
    this.bad = true;
  }
}

function memberFields({ weight, priority, state, connection_limit: limit }: RowFields): Partial<PoolMember> {
  const adminState = weight === 0 && (state ?? 'enabled') === 'enabled' ? 'disabled' : state;
  return {
    ...(adminState === undefined ? {} : { adminState }),
    ...(weight === undefined || weight === 0 ? {} : { ratio: weight }),
    ...(priority === undefined ? {} : { priorityGroup: priority }),
    ...(limit === undefined ? {} : { connectionLimit: limit }),
  };
}
