import { atLeast, type Version } from '../version/version.ts';
import type { Kind } from './kind.ts';

/** The kinds on offer, by the path of their collection, and what stands above them. */
export interface KindRegistry {
  readonly all: readonly Kind[];
  readonly byPath: ReadonlyMap<string, Kind>;
  /** Kinds of a class: one, or all profiles, all monitors. */
  readonly byClass: ReadonlyMap<string, readonly Kind[]>;
  /** The kind that a sub-collection belongs to, by the sub-collection's path. */
  readonly parents: ReadonlyMap<string, Kind>;
  /** Paths above collections (`ltm`, `ltm/profile`) with the paths below them, sorted. */
  readonly organizing: ReadonlyMap<string, readonly string[]>;
}

interface Building {
  readonly byPath: Map<string, Kind>;
  readonly byClass: Map<string, Kind[]>;
  readonly parents: Map<string, Kind>;
  readonly organizing: Map<string, Set<string>>;
}

function place(kind: Kind, into: Building): void {
  into.byPath.set(kind.path, kind);
  into.byClass.set(kind.class, [...(into.byClass.get(kind.class) ?? []), kind]);
  for (const sub of kind.subs) {
    into.parents.set(sub.path, kind);
    place(sub, into);
  }
}

function organize(path: string, organizing: Map<string, Set<string>>): void {
  let below = path;
  while (below !== '') {
    const slash = below.lastIndexOf('/');
    const above = slash < 0 ? '' : below.slice(0, slash);
    const known = organizing.get(above) ?? new Set<string>();
    known.add(below);
    organizing.set(above, known);
    below = above;
  }
}

/** Collects kinds; `extraPaths` are resources that are no kinds (`sys/version`) but are listed by what stands above. */
export function buildRegistry(kinds: readonly Kind[], extraPaths: readonly string[]): KindRegistry {
  const building: Building = {
    byPath: new Map(),
    byClass: new Map(),
    parents: new Map(),
    organizing: new Map(),
  };
  for (const kind of kinds) {
    place(kind, building);
    organize(kind.path, building.organizing);
  }
  for (const path of extraPaths) {
    organize(path, building.organizing);
  }
  const organizing = [...building.organizing].map(([path, below]) => [path, [...below].sort()] as const);
  return { ...building, all: [...building.byPath.values()], organizing: new Map(organizing) };
}

/** The fields of a kind that a release has. */
export function hasField(field: { readonly since?: string; readonly until?: string }, version: Version): boolean {
  const started = field.since === undefined || atLeast(version, field.since);
  return started && (field.until === undefined || !atLeast(version, field.until));
}
