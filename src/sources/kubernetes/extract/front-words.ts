import type { IngressRecord } from '../model-ingress.ts';
import type { ExtractOptions } from './options.ts';
import { annotations } from './annotations.ts';

/** Annotations of Ingresses of which a front can have but one: its profiles cannot be put together of parts. */
export const FRONT_WORDS = ['tcp-profile', 'http-profile', 'idle-timeout'] as const;
export type FrontWord = (typeof FRONT_WORDS)[number];

/** What an Ingress says, as it is written and as it is meant. */
export interface Word {
  readonly text: string;
  readonly value: string | number;
}

export type Words = { readonly [W in FrontWord]?: Word };

/**
 * What an Ingress says of its fronts. One that cannot be read counts as it was before: its Ingress stays as it is, and so
 * does what it asked for on behalf of all.
 */
export function wordsOf(record: IngressRecord, options: ExtractOptions, before: Words = {}): Words {
  const said = FRONT_WORDS.flatMap((name): readonly (readonly [FrontWord, Word])[] => {
    const text = record.annotations[`${options.annotationPrefix}${name}`];
    if (text === undefined) return [];
    const value = annotations[name].parse(text);
    // An Ingress cannot be served without reading HTTP.
    const word = value === undefined || value === 'none' ? before[name] : { text, value };
    return word === undefined ? [] : [[name, word]];
  });
  return Object.fromEntries(said);
}
