import type { ScopeClause } from './scope.ts';
import type { Kind } from '../ir/objects.ts';
import type { Ref } from '../ir/ref.ts';
import { descriptorOf, descriptors } from '../ir/objects.ts';
import { kindOf, partitionOf, pathOf, refOf } from '../ir/ref.ts';
import { loneMemberPath } from '../ir/pool-member.ts';
import { letsIn, printClause } from './scope.ts';

/** One writer to a device. */
export interface ScopedWriter {
  readonly partition: string;
  /** What it may write; left out: all of its partition, and what lives in `/Common`. */
  readonly only?: readonly ScopeClause[] | undefined;
}

/**
 * What two writers to one device may both write, in words: `pool-members of /Common/web`, `the partition kubernetes`;
 * undefined if there is nothing. Of kinds that live in `/Common` those of one partition alone are compared: who writes which
 * is said by what the sources want.
 */
export function whatBothWrite(one: ScopedWriter, other: ScopedWriter): string | undefined {
  for (const clause of one.only ?? [undefined]) {
    for (const rival of other.only ?? [undefined]) {
      if (!meet({ ...one, clause }, { ...other, clause: rival })) continue;
      const narrowest = clause ?? rival;
      return narrowest === undefined ? `the partition ${one.partition}` : printClause(narrowest);
    }
  }
  return undefined;
}

interface Line {
  readonly clause: ScopeClause | undefined;
  readonly partition: string;
}

function meet(one: Line, other: Line): boolean {
  return [...samplesOf(one), ...samplesOf(other)].some((ref) => {
    const isShared = descriptorOf(kindOf(ref)).inCommon === true;
    return (!isShared || one.partition === other.partition) && isWritten(ref, one) && isWritten(ref, other);
  });
}

/** Refs that stand for all that a clause lets in. */
function samplesOf({ clause, partition }: Line): readonly Ref[] {
  if (clause?.poolMembers !== undefined) return [refOf('pool-member', loneMemberPath(clause.poolMembers, ANY))];
  if (clause?.objects !== undefined) return clause.objects;
  return WRITTEN.map((kind) => refOf(kind, `/${homeOf(kind, partition)}/${ANY}`));
}

const ANY = '*';
/** What is made and changed: nodes go with the pools that brought them. */
const WRITTEN = (Object.keys(descriptors) as readonly Kind[]).filter((kind) => descriptorOf(kind).implicit !== true);

/** Members of pools elsewhere are written by who names the pool alone; all else where its kind is at home. */
function isWritten(ref: Ref, { clause, partition }: Line): boolean {
  const isNamed = clause?.poolMembers !== undefined;
  if (!isNamed && partitionOf(pathOf(ref)) !== homeOf(kindOf(ref), partition)) return false;
  return clause === undefined || letsIn(clause, ref);
}

function homeOf(kind: Kind, partition: string): string {
  return descriptorOf(kind).inCommon === true ? 'Common' : partition;
}
