/** What a driver is told of the device that it works against, as environment variables. */
export interface Access {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM file of the certificate authority. */
  readonly caFile: string;
  readonly release: string;
  /** A folder of its own, removed afterwards. */
  readonly scratch: string;
}

/** A client of iControl REST from its own package, and the driver that works it. */
export interface Client {
  /** As the tables name it. */
  readonly name: string;
  /** Package and version. */
  readonly package: string;
  /** Releases of the device that it is run against. */
  readonly releases: readonly string[];
  /** Modules that the device has beside `ltm`. */
  readonly modules?: readonly string[];
  /** The program that runs the driver, and its arguments. */
  readonly command: () => readonly [string, ...string[]];
  /** Environment variables besides those of `Access`. */
  readonly env?: (access: Access) => Readonly<Record<string, string>>;
}

/** What the driver says before it starts: a class of resources (or a module) and every operation that it will try. */
export interface Plan {
  readonly group: string;
  readonly resource: string;
  readonly operations: readonly string[];
}

/** What became of one operation. A driver says `refused` for every error that the client raised; the run judges it. */
export interface Result {
  readonly resource: string;
  readonly operation: string;
  readonly outcome: 'passed' | 'failed' | 'refused';
  readonly reason?: string;
}

/** A refusal that is right, and why: a device would say the same, or the client itself does. */
export interface Refusal {
  readonly client: string;
  /** Whole name of the resource. */
  readonly resource: RegExp;
  readonly operation: RegExp;
  /** What the client was told. */
  readonly reason: RegExp;
  /** For the table. */
  readonly because: string;
}
