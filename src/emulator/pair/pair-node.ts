import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Directory } from '../auth/directory.ts';
import { configurationError } from '../errors/mcp.ts';
import type { Device } from '../session/device.ts';
import { textOf } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import { PairRecord, type KeptPair, type PairKeeper } from './kept.ts';
import { standAlone } from './admit.ts';
import { compare, ConfigSync, isAutomatic, type Comparison } from './config-sync.ts';
import { Distribution } from './distribution.ts';
import { Failover, type Field } from './failover.ts';
import { localLink } from './links.ts';
import { failoverGroup, membersOf, selfDevice, selfName, trafficGroups, trustGroup } from './members.ts';
import { never, sameCommit, type Answer, type GroupCommit, type Hello, type Link, type Message } from './messages.ts';
import type { PeerFacts } from './messages.ts';
import { scoresOf } from './ha-score.ts';
import type { EmulatorNetwork, Host } from './network.ts';
import { Peers, type Peer } from './peers.ts';
import { Ways } from './ways.ts';

/** What a device needs to stand among others. */
export interface PairOptions {
  readonly users: Directory;
  /** Others in the same process. */
  readonly network: EmulatorNetwork | undefined;
  /** PEM of certificates to trust when a device of another process is added; undefined: those of the system. */
  readonly peerCa: string | undefined;
  /** Milliseconds without a word after which a device counts as gone. */
  readonly timeoutMs: number;
  /** Called with what a synchronisation changed. */
  readonly onChange: (changes: readonly JournalEntry[]) => void;
  /** Saves the running configuration, for groups with `saveOnAutoSync`. */
  readonly save: () => void;
  /** Called when the traffic groups that this device is active for are others. */
  readonly onFailover: () => void;
  /** Where trust is kept over restarts; undefined: it is not. */
  readonly keeper?: PairKeeper | undefined;
}

/** A device that is to be trusted, and the credentials of an administrator there. */
export interface Invitation {
  readonly address: string;
  readonly deviceName: string;
  readonly username: string;
  readonly password: string;
}

/** One device among those that trust each other: it synchronises, and is active or standby. */
export class PairNode implements Host {
  readonly id: string;
  readonly device: Device;
  readonly #options: PairOptions;
  readonly #peers: Peers;
  readonly #ways: Ways;
  readonly #sync: ConfigSync;
  readonly #failover: Failover;
  readonly #distribution: Distribution;
  #secret: string | undefined;
  #own: { readonly url: string; readonly certificate: string | undefined } = { url: '', certificate: undefined };
  #ticking: Promise<void> | undefined;
  #closed = false;
  /** What was kept at the last end, until it listens again. */
  #kept: KeptPair | undefined;
  readonly #record: PairRecord;

  constructor(device: Device, options: PairOptions) {
    this.#record = new PairRecord(options.keeper);
    const kept = this.#record.read();
    this.id = kept?.id ?? randomUUID();
    this.device = device;
    this.#options = options;
    this.#kept = kept;
    this.#peers = new Peers(options.timeoutMs);
    this.#ways = new Ways(options, () => this.#secret ?? '');
    this.#sync = new ConfigSync(device, this.id, kept?.groups);
    this.#failover = new Failover(options.timeoutMs);
    this.#distribution = new Distribution(this.#sync, {
      members: (group) => membersOf(group, device).map((name) => this.#peers.byName(name)),
      hello: () => this.#hello(),
      ask: (peer, message) => this.#ask(peer, message),
      done: () => this.#broadcast(),
    });
    this.#failover.evaluate(trafficGroups(device), this.#field());
  }

  get managementIp(): string {
    const own = selfDevice(this.device);
    return (own === undefined ? undefined : textOf(own, 'managementIp')) ?? '127.0.0.1';
  }

  /** Where it listens, once it does: from then on others find it. */
  listens(url: string, certificate: string | undefined): void {
    this.#own = { url, certificate };
    this.#options.network?.add(this);
    this.#rejoin();
  }

  /** Back from a restart: it trusts whom it trusted, and is standby until it heard of them or had time to. */
  #rejoin(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined && this.#peers.size === 0) {
      this.#secret = kept.secret;
      kept.peers.forEach((facts) => this.#meet(facts, this.#ways.for(this, facts)));
      trafficGroups(this.device).forEach(({ fullPath }) => this.#failover.yield(fullPath, this.#now()));
      this.#options.onFailover();
      void this.tick();
    }
  }

  /** Keeps trust and commits; a device on its own keeps nothing. */
  #keep(): void {
    if (this.#kept === undefined && !this.#closed) {
      const peers = this.#peers.all().map(({ facts }) => facts);
      const groups = this.#sync.commits();
      this.#record.note(peers.length === 0 ? undefined : { id: this.id, secret: this.#secret ?? '', peers, groups });
    }
  }

  close(): void {
    this.#closed = true;
    this.#options.network?.remove(this);
  }

  // --- what it is asked ---

  /** Whether a device is one of the trust domain and can be reached now. */
  isConnected(name: string): boolean {
    return name === selfName(this.device) || this.#peers.byName(name)?.alive === true;
  }

  /** `active`, `standby`, `forced-offline`, or `offline` for one that is not heard of. */
  failoverState(name: string): string {
    if (name === selfName(this.device)) {
      return this.#failover.forcedOffline ? 'forced-offline' : stateBy(this.#failover.active);
    }
    const peer = this.#peers.byName(name);
    if (peer === undefined || !peer.alive) {
      return 'offline';
    }
    return peer.hello?.forcedOffline === true ? 'forced-offline' : stateBy(peer.hello?.active ?? {});
  }

  /** Whether a device is active for a traffic group, and whether it is the next one. */
  standing(trafficGroup: string, name: string): { readonly active: boolean; readonly next: boolean } {
    const own = name === selfName(this.device);
    const group = trafficGroups(this.device).find((each) => each.fullPath === trafficGroup);
    const next = group === undefined ? undefined : this.#failover.nextActive(group, this.#field());
    const peer = this.#peers.byName(name);
    const isPeerActive = peer?.alive === true && peer.hello?.active[trafficGroup] !== undefined;
    return { active: own ? this.isActive(trafficGroup) : isPeerActive, next: next === name };
  }

  /** Whether this device is active for a traffic group; what floats not is active everywhere. */
  isActive(trafficGroup: string): boolean {
    return trafficGroup.endsWith('/traffic-group-local-only') || this.#failover.isActive(trafficGroup);
  }

  /** How the members of a device group stand to each other; members that are not connected are left out. */
  comparison(group: string): Comparison {
    const members = new Map<string, GroupCommit>([[selfName(this.device), this.#sync.commitOf(group)]]);
    for (const name of membersOf(group, this.device)) {
      const peer = this.#peers.byName(name);
      if (peer?.alive === true) {
        members.set(name, peer.hello?.groups[group] ?? { commit: never, base: never });
      }
    }
    return compare(members);
  }

  /** Full path of the device that made a commit. */
  nameOf(origin: string): string | undefined {
    return origin === this.id ? selfName(this.device) : this.#peers.byId(origin)?.facts.name;
  }

  problemOf(group: string): string | undefined {
    return this.#sync.problemOf(group);
  }

  // --- trust ---

  /**
   * Takes a device into the trust domain, when something is known of its address: it is of a device of this process, or
   * has a port. Gives its facts, or undefined for an address of which nothing is known. Throws `01070734` when it cannot
   * be reached or does not want to.
   */
  async invite(invitation: Invitation): Promise<PeerFacts | undefined> {
    const link = this.#ways.to(this, invitation.address);
    if (link === undefined) {
      return undefined;
    }
    const { address, deviceName, username, password } = invitation;
    this.#secret ??= randomBytes(32).toString('base64url');
    const known = this.#peers.all().map(({ facts }) => facts);
    const message = { type: 'join', hello: this.#hello(), secret: this.#secret, known } as const;
    const answer = await link.send({ ...message, deviceName, username, password }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw configurationError(`Device (${deviceName}) at (${address}) cannot be added to the trust domain: ${reason}`);
    });
    if (answer.problem !== undefined) {
      throw configurationError(answer.problem);
    }
    const { facts } = answer.hello;
    for (const peer of this.#peers.all()) {
      await this.#ask(peer, { type: 'meet', other: facts, hello: this.#hello() });
    }
    this.#meet(facts, this.#ways.for(this, facts, link), answer.hello);
    return facts;
  }

  /** Trusts another device of this process, without credentials. */
  trust(other: PairNode): PeerFacts {
    this.#secret ??= randomBytes(32).toString('base64url');
    other.#joined(this.#secret, this.#facts(), other.#localTo(this));
    this.#meet(other.#facts(), this.#localTo(other), other.#hello());
    return other.#facts();
  }

  /** A device is out of the trust domain: it is told so. */
  async expel(name: string): Promise<void> {
    const peer = this.#peers.byName(name);
    if (peer !== undefined) {
      this.#peers.remove(peer.facts.id);
      this.#keep();
      await peer.link.send({ type: 'leave', hello: this.#hello() }).catch(() => undefined);
      this.#reconsider();
    }
  }

  /** Whether a secret is that of the trust domain. */
  knows(secret: string): boolean {
    const own = Buffer.from(this.#secret ?? '');
    const given = Buffer.from(secret);
    return own.length > 0 && own.length === given.length && timingSafeEqual(own, given);
  }

  // --- synchronisation ---

  /** A unit of work changed something: others learn of it, and get it when their group synchronises by itself. */
  committed(changes: readonly JournalEntry[]): void {
    const groups = this.#peers.size === 0 ? [] : this.#sync.changed(changes);
    this.#keep();
    if (changes.some(({ kind }) => kind.path.startsWith('cm/'))) {
      this.#reconsider();
    }
    if (groups.length > 0) {
      void this.#broadcast();
      groups.filter((group) => this.#isAutomatic(group)).forEach((group) => void this.#distribution.push(group, false));
    }
  }

  /** Pushes the configuration of a group to its other members, over what they have. */
  async push(group: string): Promise<void> {
    const { commit } = this.#sync.commitOf(group);
    const { newest } = this.comparison(group);
    if (sameCommit(commit, never) || !sameCommit(commit, newest)) {
      this.#sync.renew(group);
    }
    await this.#distribution.push(group, true);
  }

  /** Pulls the configuration of a group from the member that has the newest. */
  async pull(group: string): Promise<void> {
    const load = await this.#distribution.pull(group, this.comparison(group).newest);
    if (load !== undefined) {
      this.#options.onChange(this.#sync.apply(load));
      await this.#broadcast();
    }
  }

  // --- failover ---

  /** Gives traffic groups that it is active for to another device: the one that is named, or the next one. */
  async standby(paths: readonly string[], to?: string): Promise<void> {
    for (const group of trafficGroups(this.device).filter(({ fullPath }) => paths.includes(fullPath))) {
      const target = to ?? this.#failover.nextActive(group, this.#field());
      const peer = target === undefined ? undefined : this.#peers.byName(target);
      if (peer?.alive === true && this.#failover.isActive(group.fullPath)) {
        this.#failover.yield(group.fullPath, this.#now());
        this.#options.onFailover();
        const taken = await this.#ask(peer, { type: 'take', trafficGroup: group.fullPath, hello: this.#hello() });
        if (taken?.hello.active[group.fullPath] === undefined) {
          this.#failover.take(group.fullPath, this.#now());
          this.#options.onFailover();
        }
      }
    }
    await this.#broadcast();
  }

  async setOffline(offline: boolean): Promise<void> {
    this.#failover.forcedOffline = offline;
    this.#reconsider();
    await this.#broadcast();
  }

  /** One beat of the heart: asks all others, decides who is gone and who is active, synchronises what is behind. */
  async tick(): Promise<void> {
    this.#ticking ??= this.#beat().finally(() => {
      this.#ticking = undefined;
    });
    await this.#ticking;
  }

  async #beat(): Promise<void> {
    await this.#broadcast();
    this.#peers.judge(this.#now());
    this.#reconsider();
    const groups = trafficGroups(this.device);
    const field = this.#field();
    const due = [...this.#failover.failbacks(groups, field), ...this.#failover.outscored(groups, field)];
    for (const [group, device] of due) {
      await this.standby([group], device);
    }
    for (const group of Object.keys(this.#sync.commits())) {
      const { state, newest } = this.comparison(group);
      const isMine = sameCommit(newest, this.#sync.commitOf(group).commit);
      if (state === 'pending' && isMine && this.#isAutomatic(group)) {
        await this.#distribution.push(group, false);
      }
    }
  }

  // --- messages ---

  /** Answers another device. `back` is the way to it, within one process. */
  receive(message: Message, back?: Link): Answer | Promise<Answer> {
    if (message.type === 'join') {
      return this.#join(message, back);
    }
    const { facts } = message.hello;
    if (!this.#peers.has(facts.id)) {
      return { hello: this.#hello(), problem: `Device (${facts.name}) is not in the trust domain` };
    }
    const wasActive = this.#failover.active;
    if (this.#peers.hasMoved(facts)) {
      this.#peers.add(facts, this.#ways.for(this, facts), this.#now());
    }
    this.#peers.heard(message.hello, this.#now());
    const answer = this.#carryOut(message);
    this.#reconsider(wasActive);
    this.#keep();
    return { hello: this.#hello(), ...answer };
  }

  #carryOut(message: Exclude<Message, { type: 'join' }>): Omit<Answer, 'hello'> {
    switch (message.type) {
      case 'hello':
        return {};
      case 'meet':
        this.#meet(message.other, this.#ways.for(this, message.other));
        return {};
      case 'leave':
        this.#leave();
        return {};
      case 'take':
        this.#failover.take(message.trafficGroup, this.#now());
        return {};
      case 'sync':
        return this.#accept(message);
      default:
        return { load: this.#sync.load(message.group, undefined) };
    }
  }

  #join(message: Extract<Message, { type: 'join' }>, back: Link | undefined): Answer {
    const hello = this.#hello();
    const { username, password, deviceName, secret, known } = message;
    if (this.#options.users.check(username, password)?.role !== 'admin') {
      return { hello, problem: `Authentication failed for user (${username}) on device (${deviceName})` };
    }
    const own = selfName(this.device);
    if (deviceName !== own) {
      return { hello, problem: `Device (${deviceName}) is called (${own})` };
    }
    if (this.#peers.size > 0 && !this.knows(secret)) {
      return { hello, problem: `Device (${deviceName}) is in another trust domain` };
    }
    this.#joined(secret, message.hello.facts, back ?? this.#ways.for(this, message.hello.facts));
    known.forEach((facts) => this.#meet(facts, this.#ways.for(this, facts)));
    return { hello: this.#hello() };
  }

  #joined(secret: string, facts: PeerFacts, link: Link): void {
    this.#secret = secret;
    this.#meet(facts, link);
  }

  #leave(): void {
    this.#peers.clear();
    this.#sync.clear();
    this.#secret = undefined;
    standAlone(this.device);
  }

  #accept({ load, forced, hello }: Extract<Message, { type: 'sync' }>): Omit<Answer, 'hello'> {
    const { full } = this.device.version;
    if (hello.facts.version !== full) {
      return { problem: `Device (${selfName(this.device)}) runs ${full}, not ${hello.facts.version}` };
    }
    const { commit, base } = this.#sync.commitOf(load.group);
    if (load.since !== undefined && !sameCommit(load.since, commit)) {
      return { wantsAll: true };
    }
    if (!forced && load.group !== trustGroup && !sameCommit(commit, base)) {
      return { problem: `Device (${selfName(this.device)}) has changes of its own` };
    }
    try {
      this.#options.onChange(this.#sync.apply(load));
      if (!forced && this.device.store.lookup('cm/device-group', load.group)?.values['saveOnAutoSync'] === 'true') {
        this.#options.save();
      }
      return {};
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  // --- inside ---

  #now(): number {
    return this.device.clock.now();
  }

  #isAutomatic(group: string): boolean {
    return (
      isAutomatic(group, this.device) && (group === trustGroup || !sameCommit(this.#sync.commitOf(group).base, never))
    );
  }

  #facts(): PeerFacts {
    const { full, build } = this.device.version;
    const { url, certificate } = this.#own;
    const { id, managementIp } = this;
    const named = { name: selfName(this.device), hostname: this.device.hostname };
    const facts = { id, ...named, managementIp, version: full, build, url };
    return certificate === undefined ? facts : { ...facts, certificate };
  }

  #hello(): Hello {
    const { forcedOffline, active } = this.#failover;
    return { facts: this.#facts(), forcedOffline, active, groups: this.#sync.commits(), scores: this.#scores() };
  }

  #scores(): Readonly<Record<string, number>> {
    return scoresOf(trafficGroups(this.device), this.device, (path) => this.#failover.isActive(path));
  }

  #field(): Field {
    const group = failoverGroup(this.device);
    const self = selfName(this.device);
    const names = group === undefined ? [] : membersOf(group.fullPath, this.device).filter((name) => name !== self);
    return { now: this.#now(), self, others: this.#peers.contenders(names), scores: this.#scores() };
  }

  /** Decides anew who is active, and tells when that is another set than before. */
  #reconsider(before = this.#failover.active): void {
    this.#failover.evaluate(trafficGroups(this.device), this.#field());
    if (Object.keys(before).join(' ') !== Object.keys(this.#failover.active).join(' ')) {
      this.#options.onFailover();
    }
  }

  async #broadcast(): Promise<void> {
    const message = { type: 'hello', hello: this.#hello() } as const;
    await Promise.all(this.#peers.all().map((peer) => this.#ask(peer, message)));
    this.#keep();
  }

  /** Undefined when the device cannot be reached. */
  async #ask(peer: Peer, message: Message): Promise<Answer | undefined> {
    return await this.#peers.ask(peer, message, () => this.#now()).catch(() => undefined);
  }

  #meet(facts: PeerFacts, link: Link, hello?: Hello): void {
    if (facts.id !== this.id) {
      this.#peers.add(facts, link, this.#now());
      if (hello !== undefined) {
        this.#peers.heard(hello, this.#now());
      }
      this.#keep();
    }
  }

  /** The way to a device of this process: through the network that both are on, if there is one, so that it can be cut. */
  #localTo(other: PairNode): Link {
    const shared = this.#options.network?.link(this, { id: other.id });
    return shared ?? localLink(this, other, () => !this.#closed && !other.#closed);
  }
}

function stateBy(active: Readonly<Record<string, number>>): string {
  return Object.keys(active).length > 0 ? 'active' : 'standby';
}
