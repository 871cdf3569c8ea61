import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { Address } from '../../../ir/address.ts';
import type { Protocol } from '../../values/defaults.ts';

/** An address and port that an older one has. */
export interface RefusedPort {
  readonly address: Address;
  readonly protocol: Protocol;
  readonly port: number;
}

/** What the address book gave a Service or an Ingress. Compared by value: equal decisions mean that no cell has to run again. */
export interface AddressDecision {
  /** At most one per family, IPv4 first. Empty: none (yet), the diagnostics say why. */
  readonly addresses: readonly Address[];
  /** Ports that get no virtual server on one of the addresses; the others go on. */
  readonly refused: readonly RefusedPort[];
  readonly diagnostics: readonly Diagnostic[];
  /** What it asks for cannot be understood: it keeps what it has, and its front cell is frozen. */
  readonly frozen?: true;
}
