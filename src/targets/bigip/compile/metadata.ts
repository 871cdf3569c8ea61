import type { Mark } from '../../../ir/mark.ts';
import type { OriginKey } from '../../../ir/origin.ts';
import type { NodeLedger } from '../../../ir/pool.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import type { Json } from '../request.ts';
import { encodeText } from './text.ts';
import { joinInPieces, joinTokens } from './tokens.ts';

/** Names of our metadata entries. They stand on devices, so they never change. */
export const ENTRY = {
  instance: 'fairlead-instance',
  /** Further ones, where one is not enough: `fairlead-origins-2`, `fairlead-origins-3` … */
  origins: 'fairlead-origins',
  foreignNodes: 'fairlead-foreign-nodes',
  unusedNodes: 'fairlead-unused-nodes',
} as const;

/** Begins the mark in a description; what follows is the instance and the origins, joined by blanks. */
export const DESCRIPTION_MARK = '-- fairlead:';

/**
 * Characters in one value. A string of more than 65,535 cannot be stored (01020057, facts 7.2); tokens are ASCII, and
 * half of it leaves room for whatever the device counts along.
 */
const PIECE = 32_000;

/** What the `metadata` of an object holds. */
export interface MetadataParts {
  readonly mark?: Mark | undefined;
  readonly nodeLedger?: NodeLedger | undefined;
  /** Entries of other people, sent back as they came. */
  readonly other: NonNullable<Actual['otherMetadata']>;
}

/** The whole `metadata` list: other people's entries first, as they came, then ours. Empty clears the field. */
export function encodeMetadata({ mark, nodeLedger, other }: MetadataParts): Json {
  const entries: Json[] = [...other];
  if (mark !== undefined) entries.push({ name: ENTRY.instance, value: joinTokens([mark.instance]) });
  entries.push(
    ...tokenEntries(ENTRY.origins, mark?.origins),
    ...tokenEntries(ENTRY.foreignNodes, nodeLedger?.foreign),
    ...tokenEntries(ENTRY.unusedNodes, nodeLedger?.unused),
  );
  return { metadata: entries };
}

function tokenEntries(name: string, tokens: readonly string[] | undefined): readonly Json[] {
  return joinInPieces(tokens ?? [], PIECE).map((value, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    value,
  }));
}

/** The `description` of a kind that keeps its mark elsewhere. */
export function encodeDescription({ description }: { readonly description?: string }): Json {
  return { description: description === undefined ? 'none' : encodeText(description) };
}

/** The `description` of a kind without metadata: what people read, then the mark. */
export function encodeMarkedDescription(description: string | undefined, mark: Mark | undefined): Json {
  const text = description === undefined ? '' : encodeText(description);
  if (mark === undefined) return { description: text === '' ? 'none' : text };
  const tail = `${DESCRIPTION_MARK}${joinTokens([mark.instance, ...mark.origins])}`;
  return { description: text === '' ? tail : `${text} ${tail}` };
}

/** The `description` of a part (a pool member, a rule): the origin that gave it. */
export function encodeOwner(origin: OriginKey): string {
  return `${DESCRIPTION_MARK}${joinTokens([origin])}`;
}
