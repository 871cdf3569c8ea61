import type { ConfigSync } from './config-sync.ts';
import { sameCommit, type Answer, type CommitId, type Hello, type Message, type SyncLoad } from './messages.ts';
import type { Peer } from './peers.ts';

/** How configurations get to others. */
export interface Ways {
  /** The members of a group; undefined for those that are no peers: this box, and those of which nothing is known. */
  readonly members: (group: string) => readonly (Peer | undefined)[];
  readonly hello: () => Hello;
  /** Undefined when the device cannot be reached. */
  readonly ask: (peer: Peer, message: Message) => Promise<Answer | undefined>;
  /** After a push: all are told where this box stands. */
  readonly done: () => Promise<void>;
}

/** Brings the configurations of device groups to the other members, and from them. */
export class Distribution {
  readonly #sync: ConfigSync;
  readonly #ways: Ways;
  #pushing: Promise<void> = Promise.resolve();

  constructor(sync: ConfigSync, ways: Ways) {
    this.#sync = sync;
    this.#ways = ways;
  }

  /**
   * Pushes what a group has to the members that have something else; `forced` over changes of their own. One push after
   * the other: of two at once the later one would be overtaken. What goes wrong is noted for `sync-status`.
   */
  push(group: string, forced: boolean): Promise<void> {
    this.#pushing = this.#pushing.then(() => this.#pushNow(group, forced)).catch(() => undefined);
    return this.#pushing;
  }

  /** The configuration of a group from a member that has a commit; undefined when none can be reached. */
  async pull(group: string, commit: CommitId): Promise<SyncLoad | undefined> {
    const source = this.#connected(group).find((peer) => {
      const known = peer.hello?.groups[group]?.commit;
      return known !== undefined && sameCommit(known, commit);
    });
    const message = { type: 'pull', group, hello: this.#ways.hello() } as const;
    return source === undefined ? undefined : (await this.#ways.ask(source, message))?.load;
  }

  #connected(group: string): readonly Peer[] {
    const peers = this.#ways.members(group).filter((peer) => peer !== undefined);
    return peers.filter((peer) => peer.alive);
  }

  async #pushNow(group: string, forced: boolean): Promise<void> {
    const { commit } = this.#sync.commitOf(group);
    const problems: string[] = [];
    let reached = false;
    for (const peer of this.#connected(group)) {
      const known = peer.hello?.groups[group]?.commit;
      if (known === undefined || !sameCommit(known, commit)) {
        const answer = await this.#offer(peer, { group, forced });
        reached ||= answer !== undefined && answer.problem === undefined;
        problems.push(...(answer?.problem === undefined ? [] : [answer.problem]));
      }
    }
    if (reached) {
      this.#sync.reached(group, commit);
    }
    const [problem] = problems;
    if (problem !== undefined) {
      this.#sync.failed(group, problem);
    }
    await this.#ways.done();
  }

  async #offer(peer: Peer, { group, forced }: { group: string; forced: boolean }): Promise<Answer | undefined> {
    const known = peer.hello?.groups[group]?.commit;
    const send = (since: typeof known): Promise<Answer | undefined> =>
      this.#ways.ask(peer, { type: 'sync', load: this.#sync.load(group, since), forced, hello: this.#ways.hello() });
    const answer = await send(known);
    return answer?.wantsAll === true ? await send(undefined) : answer;
  }
}
