import { TclError } from './error.ts';
import type { Command } from './interpreter.ts';
import { makeList } from './list.ts';
import { placeOf } from './list-place.ts';
import { compileRegex } from './regex.ts';

/** Options and arguments of `regexp` and `regsub`. */
interface Given {
  readonly options: ReadonlySet<string>;
  /** Where to begin: an index. */
  readonly start: string;
  readonly args: readonly string[];
}

function read(given: readonly string[], known: readonly string[]): Given {
  const options = new Set<string>();
  let start = '0';
  let at = 0;
  for (; given[at]?.startsWith('-') === true; at += 1) {
    const option = given[at] ?? '';
    if (option === '--') {
      at += 1;
      break;
    }
    if (!known.includes(option)) {
      throw new TclError(`bad option "${option}": must be ${known.join(', ')}, or --`);
    }
    if (option === '-start') {
      at += 1;
      start = given[at] ?? '0';
    }
    options.add(option);
  }
  return { options, start, args: given.slice(at) };
}

const shared = ['-expanded', '-line', '-linestop', '-lineanchor', '-nocase', '-start'];

/** Every match from a place on. */
function matchesIn(text: string, pattern: string, { options, start }: Given): readonly RegExpExecArray[] {
  const regex = compileRegex(options.has('-expanded') ? `(?x)${pattern}` : pattern, {
    nocase: options.has('-nocase'),
    line: options.has('-line') || options.has('-linestop') || options.has('-lineanchor'),
    all: true,
  });
  const own = new RegExp(regex.source, `${regex.flags}d`);
  own.lastIndex = Math.max(0, placeOf(start, text.length));
  return [...text.matchAll(own)];
}

/** The parts of a match: texts, or with `-indices` where they are. */
function partsOf(match: RegExpExecArray, indices: boolean): readonly string[] {
  return Array.from(match, (part: string | undefined, at) => {
    const place = match.indices?.[at];
    if (!indices) {
      return part ?? '';
    }
    return place === undefined ? '-1 -1' : `${place[0]} ${place[1] - 1}`;
  });
}

/** `regexp`. */
export const regexp: Command = (all, tcl) => {
  const given = read(all, ['-all', '-indices', '-inline', ...shared]);
  const { options, args } = given;
  const [pattern = '', text = '', ...names] = args;
  const found = matchesIn(text, pattern, given);
  const matches = options.has('-all') ? found : found.slice(0, 1);
  const parts = matches.map((match) => partsOf(match, options.has('-indices')));
  if (options.has('-inline')) {
    return makeList(parts.flat());
  }
  const last = parts.at(-1);
  if (last !== undefined) {
    names.forEach((name, at) => tcl.set(name, last[at] ?? (options.has('-indices') ? '-1 -1' : '')));
  }
  return String(matches.length);
};

/** `&` and `\\1` of a replacement. */
function filled(template: string, match: readonly (string | undefined)[]): string {
  return template.replaceAll(/\\([&\\\d])|&/gv, (whole, escaped: string | undefined) => {
    if (whole === '&') {
      return match[0] ?? '';
    }
    return /\d/v.test(escaped ?? '') ? (match[Number(escaped)] ?? '') : (escaped ?? '');
  });
}

/** `regsub`. */
export const regsub: Command = (all, tcl) => {
  const given = read(all, ['-all', ...shared]);
  const [pattern = '', text = '', template = '', name] = given.args;
  const found = matchesIn(text, pattern, given);
  const matches = given.options.has('-all') ? found : found.slice(0, 1);
  let result = '';
  let at = 0;
  for (const match of matches) {
    result += text.slice(at, match.index) + filled(template, match);
    at = match.index + match[0].length;
  }
  result += text.slice(at);
  if (name === undefined) {
    return result;
  }
  tcl.set(name, result);
  return String(matches.length);
};
