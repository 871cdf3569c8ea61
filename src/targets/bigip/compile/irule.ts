import type { IRule, IRuleSection } from '../../../ir/irule.ts';
import type { Json } from '../request.ts';
import type { Codec } from './codec.ts';
import { DESCRIPTION_MARK } from './metadata.ts';
import { encodeText } from './text.ts';
import { joinTokens } from './tokens.ts';

/** What comments of ours begin with. They stand on devices, so they never change. */
export const COMMENT = {
  about: '# -- about ',
  mark: `# ${DESCRIPTION_MARK}`,
  section: '# -- section ',
} as const;

/** `ltm rule`. All of it is one text, which is sent as a whole. */
export const iruleCodec: Codec<IRule> = {
  properties: { description: textOf, sections: textOf, mark: textOf },
};

/**
 * The text of an iRule: description and mark in comments, then the sections, each after a comment that says its name and
 * owner. No character of these comments means anything to Tcl: braces are counted in comments, too.
 */
function textOf({ description, mark, sections }: IRule): Json {
  const owners = new Set(sections.map(({ origin }) => origin));
  const rest = mark?.origins.filter((origin) => !owners.has(origin)) ?? [];
  const lines = [
    ...(description === undefined ? [] : [`${COMMENT.about}${encodeText(description)}`]),
    ...(mark === undefined ? [] : [`${COMMENT.mark}${joinTokens([mark.instance, ...rest])}`]),
    ...sections.flatMap((section) => [...headOf(section), section.text]),
  ];
  return { apiAnonymous: lines.join('\n') };
}

function headOf({ name, origin }: IRuleSection): readonly string[] {
  if (name === '' && origin === undefined) return [];
  return [`${COMMENT.section}${joinTokens(origin === undefined ? [name] : [name, origin])}`];
}
