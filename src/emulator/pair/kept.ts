import type { GroupCommit, PeerFacts } from './messages.ts';

/** What a device keeps of its standing among others, so that it finds back after a restart. */
export interface KeptPair {
  /** Its own id. */
  readonly id: string;
  /** The secret of the trust domain. */
  readonly secret: string;
  /** The other devices of the trust domain. */
  readonly peers: readonly PeerFacts[];
  /** What it has of its device groups. */
  readonly groups: Readonly<Record<string, GroupCommit>>;
}

/** Where it is kept. */
export interface PairKeeper {
  /** What was kept; undefined when nothing was. */
  readonly read: () => string | undefined;
  readonly write: (text: string) => void;
}

/** What is kept of one device; written only when it is something else than before. */
export class PairRecord {
  readonly #keeper: PairKeeper | undefined;
  #noted: string | undefined;

  /** Without a keeper nothing is kept. */
  constructor(keeper: PairKeeper | undefined) {
    this.#keeper = keeper;
    this.#noted = keeper?.read();
  }

  /** What was kept; undefined for a device that was on its own. */
  read(): KeptPair | undefined {
    return this.#noted === undefined || this.#noted === '' ? undefined : (JSON.parse(this.#noted) as KeptPair);
  }

  /** Keeps how a device stands; undefined: on its own. */
  note(standing: KeptPair | undefined): void {
    const text = standing === undefined ? '' : JSON.stringify(standing);
    if (this.#keeper !== undefined && text !== (this.#noted ?? '')) {
      this.#noted = text;
      this.#keeper.write(text);
    }
  }
}
