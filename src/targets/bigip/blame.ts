import type { FullPath, Ref } from '../../ir/ref.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import type { Blame } from '../target.ts';
import type { RestRequest } from './request.ts';
import { descriptorOf, holderOf } from '../../ir/objects.ts';
import { kindOf, pathOf } from '../../ir/ref.ts';

/** The device said no. */
export interface Refusal {
  readonly status: number;
  /** Its own words, whole. */
  readonly message: string;
  /** The request that it said no to, where that is known. */
  readonly request?: RestRequest;
}

/** Without what a commit puts in front: `transaction failed:`. */
export function ownWords(message: string): string {
  return message.replace(/^\s*transaction failed:\s*/i, '');
}

/**
 * The full paths in a message, in the order of the text: `01070333:3: Virtual Server /k/a illegally shares … with
 * Virtual Server /k/b.` gives both. With and without the punctuation at the end, as names may end in a dot.
 */
export function namedPaths(message: string): readonly FullPath[] {
  const found = message.match(/\/[^\s,;'"()[\]{}]+/g) ?? [];
  return [...new Set(found.flatMap(withoutEnding).flatMap(withPublished))];
}

/** What is said of a draft of a policy is said of the policy: `/k/Drafts/web` is `/k/web`, too. */
function withPublished(path: FullPath): readonly FullPath[] {
  return path.includes(DRAFTS) ? [path, path.replace(DRAFTS, '/')] : [path];
}

const DRAFTS = '/Drafts/';

/** The text, then with one mark of punctuation less each time. */
function withoutEnding(text: string): readonly string[] {
  return /[.:!?]$/.test(text) ? [text, ...withoutEnding(text.slice(0, -1))] : [text];
}

/**
 * The one unit of a batch that a refusal is about: first by the objects that units change, then by those that they
 * need. Undefined if the message names none, or several units.
 */
export function culpritOf<T extends { readonly unit: PlanUnit }>(message: string, jobs: readonly T[]): T | undefined {
  const paths = new Set(namedPaths(message));
  if (paths.size === 0) return undefined;
  const owners = jobs.filter(({ unit }) => unit.changes.some((change) => paths.has(pathOf(change.ref))));
  if (owners.length > 0) return owners.length === 1 ? owners[0] : undefined;
  const users = jobs.filter(({ unit }) =>
    unit.changes.some((change) => neededPaths(change).some((path) => paths.has(path))),
  );
  return users.length === 1 ? users[0] : undefined;
}

/** Who is to blame for a unit that was refused when it stood alone. */
export function blameOf(unit: PlanUnit, refusal: Refusal): Blame {
  const only = unit.changes.length === 1 ? unit.changes[0] : undefined;
  const ref = namedRef(unit, refusal.message) ?? refusal.request?.ref ?? only?.ref ?? needingRef(unit, refusal.message);
  const origins = unit.changes.find((change) => change.ref === ref)?.origins ?? [];
  return {
    ...(ref === undefined ? {} : { ref }),
    origins: origins.length > 0 ? origins : unit.origins,
    status: refusal.status,
    message: ownWords(refusal.message),
  };
}

/**
 * Whether the refusal says no more than that the device is not as the plan assumed: the object that the unit creates
 * is there already (01020066), or a draft of the policy that it changes is, or the one that it changes is gone (01020036). An object that is merely referred to
 * is a refusal like any other.
 */
export function isStale(unit: PlanUnit, refusal: Refusal): boolean {
  const { message, status, request } = refusal;
  const paths = namedPaths(message);
  const named = unit.changes.filter((change) => paths.includes(pathOf(change.ref)));
  if (message.includes('01020066:')) {
    const [only, ...others] = unit.changes;
    if (only !== undefined && others.length === 0 && isNamedWithHolder(only, paths)) return true;
    return named.some((change) => change.op === 'create') || paths.some((path) => path.includes(DRAFTS));
  }
  const missing = message.includes('01020036:') || /Object not found - /.test(message);
  if (!missing) return status === 409;
  const made = new Set(unit.changes.flatMap((change) => (change.op === 'create' ? [change.ref] : [])));
  if (named.length > 0) return named.some((change) => !made.has(change.ref));
  // A member that is gone is named by its node and port, not by its pool.
  return status === 404 && request !== undefined && isBelow(request.path) && !made.has(request.ref);
}

/** An item that is there already is named by what it is in: `Pool Member (/Common/web /Common/10.0.0.1 80)`. */
function isNamedWithHolder({ op, ref }: Change, paths: readonly FullPath[]): boolean {
  const holder = holderOf(ref);
  return op === 'create' && holder !== undefined && paths.includes(pathOf(holder));
}

/** Whether a path is that of an item in a sub-collection: `/mgmt/tm/ltm/pool/~k~p/members/~k~10.0.0.1:80`. */
function isBelow(path: string): boolean {
  return /\/~[^/]+\/[a-z-]+\/~[^/]+$/.test(path);
}

/** The first object of the unit that the message names; of two with the same path the one whose noun it uses. */
function namedRef(unit: PlanUnit, message: string): Ref | undefined {
  for (const path of namedPaths(message)) {
    const refs = unit.changes.map((change) => change.ref).filter((ref) => pathOf(ref) === path);
    const byNoun = refs.find((ref) => saysNoun(message, ref));
    if (refs.length > 0) return byNoun ?? refs[0];
  }
  return undefined;
}

/** The one change that needs what the message names: a virtual server whose pool is missing. */
function needingRef(unit: PlanUnit, message: string): Ref | undefined {
  const paths = namedPaths(message);
  const needing = unit.changes.filter((change) => neededPaths(change).some((path) => paths.includes(path)));
  return needing.length === 1 ? needing[0]?.ref : undefined;
}

/** Whether the words right before the path are the kind's name: `Virtual Server /k/web`, `Pool (/k/web)`. */
function saysNoun(message: string, ref: Ref): boolean {
  const at = message.indexOf(pathOf(ref));
  const before = message
    .slice(0, at)
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trimEnd();
  const { noun } = descriptorOf(kindOf(ref));
  return before.endsWith(noun.toLowerCase());
}

/** Every full path that the object names but its own: pool, monitors, profiles, iRules. */
function neededPaths(change: Change): readonly FullPath[] {
  const object = change.op === 'delete' ? change.before : change.after;
  return pathsIn(object).filter((path) => path !== object.path);
}

function pathsIn(value: unknown): readonly FullPath[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
