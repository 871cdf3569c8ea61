import type { IRule, IRuleSection } from '../../../ir/irule.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Json } from '../request.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { COMMENT } from '../compile/irule.ts';
import { splitTokens } from '../compile/tokens.ts';
import { decodeText } from './text.ts';
import { textOf } from './values.ts';

/** Reads `ltm rule`. The text of one that somebody else made is a section without a name. */
export function decodeIRule(path: FullPath, body: Json): IRule {
  const lines = (textOf(body, 'apiAnonymous') ?? '').replaceAll('\r\n', '\n').trim().split('\n');
  const about = takeComment(lines, COMMENT.about);
  const [instance, ...named] = splitTokens(takeComment(lines, COMMENT.mark) ?? '');
  const sections = sectionsOf(lines);
  const origins = [...new Set([...named, ...sections.flatMap(({ origin }) => origin ?? [])])].sort(compareText);
  return {
    kind: 'irule',
    path,
    ...(about === undefined ? {} : { description: decodeText(about) }),
    sections,
    ...(instance === undefined ? {} : { mark: { instance, origins } }),
  };
}

/** The first line, if it is such a comment; it is taken away. */
function takeComment(lines: string[], beginning: string): string | undefined {
  if (lines[0]?.startsWith(beginning) !== true) return undefined;
  return lines.shift()?.slice(beginning.length).trim();
}

function sectionsOf(lines: readonly string[]): readonly IRuleSection[] {
  const sections: { readonly tokens: readonly string[]; readonly lines: string[] }[] = [{ tokens: [''], lines: [] }];
  for (const line of lines) {
    if (line.startsWith(COMMENT.section)) {
      sections.push({ tokens: splitTokens(line.slice(COMMENT.section.length).trim()), lines: [] });
    } else sections.at(-1)?.lines.push(line);
  }
  return sections
    .map(({ tokens: [name = '', origin], lines: text }) => {
      const body = { name, text: text.join('\n').replace(/^\n+/, '').trimEnd() };
      return Object.assign(body, origin === undefined ? {} : { origin });
    })
    .filter(({ name, text }) => name !== '' || text !== '');
}
