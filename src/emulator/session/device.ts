import type { FileStore } from '../files/file-store.ts';
import type { KindRegistry } from '../kinds/registry.ts';
import type { ConfigObject } from '../store/object.ts';
import type { JournalEntry, Store } from '../store/store.ts';
import type { Version } from '../version/version.ts';
import type { Session } from './session.ts';
import type { MemberHealth } from '../dataplane/model.ts';
import type { PairNode } from '../pair/pair-node.ts';

/** Time as the emulator sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What every part of the emulator works on. */
export interface Device {
  readonly version: Version;
  readonly hostname: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly kinds: KindRegistry;
  /** What clients uploaded. */
  readonly files: FileStore;
  /** Keeps what a unit of work changed, before it is answered; when it throws, the unit is undone. */
  readonly keep?: (changes: readonly JournalEntry[]) => void;
  /** Runs the template of an application service, as part of a unit of work; set once. */
  runTemplate?: (service: ConfigObject, session: Session) => void;
  /** How it stands among the devices that it trusts; set once, when there is one. */
  pair?: PairNode;
  /** Health of a member as its monitors found it; `checking` when nothing probes. */
  readonly health: (pool: string, member: string) => MemberHealth;
  /** Health of a node by its own monitors; `checking` when nothing probes. */
  readonly nodeHealth: (node: string) => MemberHealth;
  /** Connections that a virtual server has now; 0 when nothing counts them. */
  readonly connections: (virtual: string) => number;
  /** What a monitor of `gtm` found at an address, `10.0.0.1:80`; `checking` when nothing probes. */
  readonly gtmHealth: (monitor: string, at: string) => MemberHealth;
}
