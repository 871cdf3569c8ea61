import type { Device } from '../session/device.ts';
import { sameJson } from '../session/equal.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import type { JournalEntry } from '../store/store.ts';
import { applyLoad, objectsOf, placeKey, placeOf, toSynced } from './load.ts';
import { membersOf, ownGroups, trustGroup } from './members.ts';
import { isLater, never, sameCommit, type CommitId, type GroupCommit, type SyncedPlace } from './messages.ts';
import type { SyncLoad } from './messages.ts';
import { groupOf } from './scope.ts';

/** Changes that lead to a commit. */
interface Step {
  readonly commit: CommitId;
  readonly places: readonly string[];
}

interface GroupState {
  commit: CommitId;
  base: CommitId;
  /** What the first step builds on. */
  start: CommitId;
  steps: Step[];
  /** Characters of the places in the steps. */
  size: number;
  /** Why the last synchronisation from or to here failed. */
  problem: string | undefined;
}

/** What a box has of the configuration of each of its device groups, and how it came to it. */
export class ConfigSync {
  readonly #device: Device;
  readonly #id: string;
  readonly #groups = new Map<string, GroupState>();
  #applying = false;

  /** `kept`: what it had of its groups before a restart; what led there is not kept, so that others get all of it. */
  constructor(device: Device, id: string, kept: Readonly<Record<string, GroupCommit>> = {}) {
    this.#device = device;
    this.#id = id;
    for (const [group, { commit, base }] of Object.entries(kept)) {
      this.#groups.set(group, { commit, base, start: commit, steps: [], size: 0, problem: undefined });
    }
  }

  /** Notes what a unit of work changed; gives the device groups that have a new commit. */
  changed(entries: readonly JournalEntry[]): readonly string[] {
    if (this.#applying) {
      return [];
    }
    const touched = new Map<string, Set<string>>();
    for (const { kind, scope, fullPath, before } of entries) {
      const now = this.#device.store.get(kind, fullPath, scope);
      if (this.#isSame(before, now)) {
        continue;
      }
      for (const object of [before, now]) {
        const group = object === undefined ? undefined : groupOf(object, this.#device);
        if (group !== undefined) {
          const places = touched.get(group) ?? new Set<string>();
          touched.set(group, places.add(placeKey({ kind: kind.path, scope, fullPath })));
        }
      }
    }
    this.#forgetGone();
    const shared = [...touched].filter(([group]) => membersOf(group, this.#device).length > 1);
    shared.forEach(([group, places]) => this.#step(group, [...places]));
    return shared.map(([group]) => group);
  }

  /** The commits of the groups that this box is in. */
  commits(): Readonly<Record<string, GroupCommit>> {
    const names = [trustGroup, ...ownGroups(this.#device).map((group) => group.fullPath)];
    return Object.fromEntries(
      names.map((name) => [name, { commit: this.#of(name).commit, base: this.#of(name).base }]),
    );
  }

  commitOf(group: string): GroupCommit {
    return this.#of(group);
  }

  /** Why the last synchronisation of a group failed. */
  problemOf(group: string): string | undefined {
    return this.#of(group).problem;
  }

  failed(group: string, problem: string): void {
    this.#of(group).problem = problem;
  }

  /** Takes a new commit for a group without a change: what is pushed on request wins over what was there before. */
  renew(group: string): void {
    this.#step(group, []);
  }

  /** The configuration of a group: what changed since a commit, as far as that is known, else all of it. */
  load(group: string, since: CommitId | undefined): SyncLoad {
    const state = this.#of(group);
    const full = this.#device.store.lookup('cm/device-group', group)?.values['fullLoadOnSync'] === 'true';
    const isFirst = since === undefined || sameCommit(since, never);
    const places = isFirst || full ? undefined : placesSince(state, since);
    const common = { group, commit: state.commit, serial: this.#device.store.serial };
    if (since === undefined || places === undefined) {
      return {
        ...common,
        objects: [...objectsOf(group, this.#device)].map((each) => toSynced(each, this.#device)),
        gone: [],
      };
    }
    const found = places.map((place) => ({ place, object: this.#objectAt(place, group) }));
    const objects = found.flatMap(({ object }) => (object === undefined ? [] : [toSynced(object, this.#device)]));
    const gone = found.filter(({ object }) => object === undefined).map(({ place }) => place);
    return { ...common, since, objects, gone };
  }

  /** Takes over a configuration. Gives what changed; throws why it cannot be. */
  apply(load: SyncLoad): readonly JournalEntry[] {
    const state = this.#of(load.group);
    this.#applying = true;
    try {
      const changes = applyLoad(load, this.#device);
      Object.assign(state, { commit: load.commit, base: load.commit, start: load.commit });
      Object.assign(state, { steps: [], size: 0, problem: undefined });
      return changes;
    } catch (error) {
      state.problem = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#applying = false;
    }
  }

  /** A commit has reached the others. */
  reached(group: string, commit: CommitId): void {
    const state = this.#of(group);
    state.base = commit;
    state.problem = undefined;
  }

  /** Out of the trust domain: nothing is shared any more. */
  clear(): void {
    this.#groups.clear();
  }

  #of(group: string): GroupState {
    let state = this.#groups.get(group);
    if (state === undefined) {
      state = { commit: never, base: never, start: never, steps: [], size: 0, problem: undefined };
      this.#groups.set(group, state);
    }
    return state;
  }

  #step(group: string, places: readonly string[]): void {
    const state = this.#of(group);
    const now = this.#device.clock.now();
    state.commit = { time: Math.max(now, state.commit.time + 1), origin: this.#id };
    state.steps.push({ commit: state.commit, places });
    state.size += places.reduce((sum, place) => sum + place.length, 0);
    const limit = Number(
      this.#device.store.lookup('cm/device-group', group)?.values['incrementalConfigSyncSizeMax'] ?? 1024,
    );
    if (state.size > limit * 1024) {
      Object.assign(state, { start: state.commit, steps: [], size: 0 });
    }
  }

  #objectAt({ kind: path, scope, fullPath }: SyncedPlace, group: string): ReturnType<Device['store']['get']> {
    const kind = this.#device.kinds.byPath.get(path);
    const object = kind === undefined ? undefined : this.#device.store.get(kind, fullPath, scope);
    return object !== undefined && groupOf(object, this.#device) === group ? object : undefined;
  }

  /** What changed belongs to this box alone: the VLANs of a route domain. */
  #isSame(before: ConfigObject | undefined, now: ConfigObject | undefined): boolean {
    const both = [before, now].map((each) => (each === undefined ? undefined : toSynced(each, this.#device).values));
    return sameJson(both[0], both[1]);
  }

  #forgetGone(): void {
    for (const group of this.#groups.keys()) {
      if (this.#device.store.lookup('cm/device-group', group) === undefined) {
        this.#groups.delete(group);
      }
    }
  }
}

function placesSince(state: GroupState, since: CommitId): readonly SyncedPlace[] | undefined {
  const at = sameCommit(state.start, since) ? 0 : state.steps.findIndex(({ commit }) => sameCommit(commit, since)) + 1;
  if (at === 0 && !sameCommit(state.start, since)) {
    return undefined;
  }
  return [...new Set(state.steps.slice(at).flatMap(({ places }) => places))].map(placeOf);
}

/** Whether a group synchronises by itself. The trust domain does always; others do once they were synchronised by hand. */
export function isAutomatic(group: string, device: Device): boolean {
  const object = device.store.lookup('cm/device-group', group);
  return group === trustGroup || (object !== undefined && textOf(object, 'autoSync') === 'enabled');
}

/** How the commits of the members of a group stand to each other. */
export interface Comparison {
  readonly newest: CommitId;
  /** Members with changes that the others do not have. */
  readonly changed: readonly string[];
  readonly state: 'in-sync' | 'initial' | 'pending' | 'conflict';
}

/** Compares the commits of the members of a group, by their names. */
export function compare(members: ReadonlyMap<string, GroupCommit>): Comparison {
  const all = [...members];
  const newest = all.reduce((best, [, { commit }]) => (isLater(commit, best) ? commit : best), never);
  const changed = all.filter(([, { commit, base }]) => !sameCommit(commit, base)).map(([name]) => name);
  if (all.some(([, { base }]) => sameCommit(base, never))) {
    return { newest, changed, state: 'initial' };
  }
  if (all.every(([, { commit }]) => sameCommit(commit, newest))) {
    return { newest, changed, state: 'in-sync' };
  }
  const behind = all.filter(([name, { commit }]) => changed.includes(name) && !sameCommit(commit, newest));
  return { newest, changed, state: behind.length > 0 ? 'conflict' : 'pending' };
}
