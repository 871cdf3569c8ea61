/** A field that does not hold what it must: path, what was found, what was expected. */
export interface FieldProblem {
  /** Path inside the object, as its parts. */
  readonly path: readonly (string | number)[];
  readonly found: string;
  readonly expected: string;
}

/** Prints a path: `spec.ports[0].port`, `metadata.labels["a.b/c"]`. */
export function printPath(path: readonly (string | number)[]): string {
  let printed = '';
  for (const part of path) {
    if (typeof part === 'number') printed += `[${part}]`;
    else if (/^[A-Za-z_]\w*$/.test(part)) printed += printed === '' ? part : `.${part}`;
    else printed += `[${JSON.stringify(part)}]`;
  }
  return printed;
}

/** Reads fields of a parsed object and collects what is wrong with them; a wrong field reads as left out. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: readonly (string | number)[];
  readonly problems: FieldProblem[];

  constructor(value: unknown, path: readonly (string | number)[] = [], problems: FieldProblem[] = []) {
    this.#path = path;
    this.problems = problems;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject && value !== undefined && value !== null) {
      problems.push({ path, found: show(value), expected: 'an object' });
    }
    this.#value = isObject ? (value as Record<string, unknown>) : {};
  }

  /** The value as it is; `null` counts as left out, as it does for the API server. */
  raw(name: string): unknown {
    const value = Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
    return value === null ? undefined : value;
  }

  names(): readonly string[] {
    return Object.keys(this.#value);
  }

  child(name: string): Fields {
    return new Fields(this.raw(name), [...this.#path, name], this.problems);
  }

  string(name: string): string | undefined {
    return this.#typed(name, 'a text', (value) => typeof value === 'string') as string | undefined;
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  /** A port number, 1 to 65535. */
  port(name: string): number | undefined {
    const ok = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
    return this.#typed(name, 'a port number from 1 to 65535', ok) as number | undefined;
  }

  /** A port number or the name of one. */
  portOrName(name: string): number | string | undefined {
    return typeof this.raw(name) === 'string' ? this.string(name) : this.port(name);
  }

  strings(name: string): string[] | undefined {
    const list = this.#list(name);
    if (list === undefined) return undefined;
    const wrong = list.findIndex((value) => typeof value !== 'string');
    if (wrong >= 0) this.#report([name, wrong], list[wrong], 'a text');
    // `map` makes a list of the exact size: there are hundreds of thousands of them.
    return wrong >= 0 ? [] : list.map(String);
  }

  /** A map of texts, only the entries whose name passes `keep`. */
  stringMap(name: string, keep: (key: string) => boolean): Record<string, string> {
    const child = this.child(name);
    const map: Record<string, string> = {};
    for (const key of child.names().filter(keep).sort()) {
      const value = child.string(key);
      if (value !== undefined) map[key] = value;
    }
    return map;
  }

  /** A list of objects. */
  objects(name: string): Fields[] {
    return (this.#list(name) ?? []).map(
      (value, index) => new Fields(value, [...this.#path, name, index], this.problems),
    );
  }

  /** Adds a problem; `name` may go deeper: `metadata.name`, `ipFamilies.0`. */
  problem(name: string, value: unknown, expected: string): void {
    const parts = name.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    this.#report(parts, value, expected);
  }

  /** Adds a problem whose value must not be shown: `found` says what it is. The path is as it stands in the object. */
  fault(path: readonly string[], found: string, expected: string): void {
    this.problems.push({ path: [...this.#path, ...path], found, expected });
  }

  #list(name: string): unknown[] | undefined {
    return this.#typed(name, 'a list', Array.isArray) as unknown[] | undefined;
  }

  #typed(name: string, expected: string, ok: (value: unknown) => boolean): unknown {
    const value = this.raw(name);
    if (value === undefined || ok(value)) return value;
    this.#report([name], value, expected);
    return undefined;
  }

  #report(path: readonly (string | number)[], value: unknown, expected: string): void {
    this.problems.push({ path: [...this.#path, ...path], found: show(value), expected });
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const printed = typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'an object') : JSON.stringify(value);
  return printed.length > 80 ? `${printed.slice(0, 77)}...` : printed;
}
