import type { Contender } from './failover.ts';
import type { Answer, Hello, Link, Message, PeerFacts } from './messages.ts';

/** Another device of the trust domain. */
export interface Peer {
  facts: PeerFacts;
  readonly link: Link;
  hello: Hello | undefined;
  /** When it was last heard of; milliseconds since the epoch. */
  seen: number;
  alive: boolean;
  /** Since when it is alive and not forced offline. */
  readySince: number;
}

function ready(peer: Peer): boolean {
  return peer.alive && peer.hello?.forcedOffline === false;
}

/** The other devices of the trust domain, by their ids. */
export class Peers {
  readonly #all = new Map<string, Peer>();
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#all.size;
  }

  all(): readonly Peer[] {
    return [...this.#all.values()];
  }

  byName(name: string): Peer | undefined {
    return this.all().find((peer) => peer.facts.name === name);
  }

  byId(id: string): Peer | undefined {
    return this.#all.get(id);
  }

  add(facts: PeerFacts, link: Link, now: number): void {
    this.#all.set(facts.id, { facts, link, hello: undefined, seen: now, alive: true, readySince: now });
  }

  has(id: string): boolean {
    return this.#all.has(id);
  }

  /** Whether a known device listens elsewhere than before, as after a restart. */
  hasMoved({ id, url }: PeerFacts): boolean {
    const known = this.#all.get(id);
    return known !== undefined && known.facts.url !== url;
  }

  remove(id: string): void {
    this.#all.delete(id);
  }

  clear(): void {
    this.#all.clear();
  }

  /** A device said something. */
  heard(hello: Hello, now: number): void {
    const peer = this.#all.get(hello.facts.id);
    if (peer === undefined) {
      return;
    }
    const before = ready(peer);
    Object.assign(peer, { facts: hello.facts, hello, seen: now, alive: true });
    if (!before) {
      peer.readySince = now;
    }
  }

  /** Who has been silent for too long is gone. */
  judge(now: number): void {
    for (const peer of this.#all.values()) {
      peer.alive = now - peer.seen < this.#timeoutMs;
    }
  }

  /** Sends a message and notes the answer. Rejects when the device cannot be reached. */
  async ask(peer: Peer, message: Message, now: () => number): Promise<Answer> {
    const answer = await peer.link.send(message);
    this.heard(answer.hello, now());
    return answer;
  }

  /** Those of them that are named, as contenders. */
  contenders(names: readonly string[]): readonly Contender[] {
    return names
      .map((name) => this.byName(name))
      .filter((peer) => peer !== undefined)
      .map((peer) => ({
        name: peer.facts.name,
        ready: ready(peer),
        readySince: peer.readySince,
        active: peer.hello?.active ?? {},
        scores: peer.hello?.scores ?? {},
      }));
  }
}
