import type { Mark } from '../../../ir/mark.ts';
import type { OriginKey } from '../../../ir/origin.ts';
import type { NodeLedger } from '../../../ir/pool.ts';
import type { Actual } from '../../../plan/snapshot.ts';
import type { Json } from '../request.ts';
import { DESCRIPTION_MARK, ENTRY } from '../compile/metadata.ts';
import { splitTokens } from '../compile/tokens.ts';
import { listOf, textOf } from './values.ts';
import { decodeText, unescapeTmsh } from './text.ts';

/** What the `metadata` of an object says. Parts that are not there are left out. */
export interface DecodedMetadata {
  readonly mark?: Mark;
  readonly nodeLedger?: NodeLedger;
  readonly otherMetadata?: NonNullable<Actual['otherMetadata']>;
}

/** Takes `metadata` apart into our mark, our ledger, and what others put there. */
export function decodeMetadata(body: Json): DecodedMetadata {
  const ours = new Map<string, string[]>();
  const other: NonNullable<Actual['otherMetadata']>[number][] = [];
  for (const entry of listOf(body, 'metadata')) {
    const name = textOf(entry, 'name') ?? '';
    const own = ownName(name);
    if (own === undefined) other.push(otherEntry(name, entry));
    else ours.set(own, [...(ours.get(own) ?? []), ...splitTokens(textOf(entry, 'value') ?? '')]);
  }
  const instance = ours.get(ENTRY.instance)?.[0];
  const foreign = ours.get(ENTRY.foreignNodes) ?? [];
  const unused = ours.get(ENTRY.unusedNodes) ?? [];
  return {
    ...(instance === undefined ? {} : { mark: { instance, origins: ours.get(ENTRY.origins) ?? [] } }),
    ...(foreign.length + unused.length === 0 ? {} : { nodeLedger: { foreign, unused } }),
    ...(other.length === 0 ? {} : { otherMetadata: other }),
  };
}

function ownName(name: string): string | undefined {
  const base = name.replace(/-\d+$/, '');
  return Object.values(ENTRY).find((own) => own === base);
}

function otherEntry(name: string, entry: Json): NonNullable<Actual['otherMetadata']>[number] {
  const value = textOf(entry, 'value');
  const persist = textOf(entry, 'persist');
  return {
    name,
    ...(value === undefined ? {} : { value: unescapeTmsh(value) }),
    ...(persist === undefined ? {} : { persist }),
  };
}

/** Takes a description apart into what people read and the mark, if there is one. */
export function decodeMarkedDescription(body: Json): { readonly description?: string; readonly mark?: Mark } {
  const whole = textOf(body, 'description');
  if (whole === undefined || whole === 'none') return {};
  const at = whole.lastIndexOf(DESCRIPTION_MARK);
  const [instance, ...origins] = at < 0 ? [] : splitTokens(whole.slice(at + DESCRIPTION_MARK.length));
  if (instance === undefined || (at > 0 && whole[at - 1] !== ' ')) return { description: decodeText(whole) };
  const mark: Mark = { instance, origins };
  return at === 0 ? { mark } : { description: decodeText(whole.slice(0, at - 1)), mark };
}

/** The origin that a part's description names; undefined if it is what a person wrote, or nothing. */
export function decodeOwner(body: Json): OriginKey | undefined {
  const text = textOf(body, 'description');
  return text?.startsWith(DESCRIPTION_MARK) === true ? splitTokens(text.slice(DESCRIPTION_MARK.length))[0] : undefined;
}
