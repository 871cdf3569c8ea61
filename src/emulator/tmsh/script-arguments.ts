import type { Tcl } from '../tcl/index.ts';
import { bracesMatch, scan, type Token } from './tokens.ts';

/** A word that is the same with and without quotes. */
const plain = /^[^\s\{\}";#\\]+$/v;

function isBalanced(text: string): boolean {
  try {
    scan(text, 'file');
    return true;
  } catch {
    return false;
  }
}

/** Variables that a script left inside braces, as tmsh fills them in; what is no variable stays as it is. */
function filled(text: string, tcl: Tcl): string {
  return text.replaceAll(
    /\$(?:\{([^\}]+)\}|((?:\w|::)+))/gv,
    (whole, braced: string | undefined, name: string | undefined) => tcl.peek(braced ?? name ?? '') ?? whole,
  );
}

function withVariables(token: Token, tcl: Tcl): Token {
  return token.type === 'word'
    ? { ...token, text: filled(token.text, tcl) }
    : { ...token, items: token.items.map((item) => withVariables(item, tcl)) };
}

/** One argument that is no plain word: whether it is one text, a list or a block, what reads it decides. */
function loose(argument: string, tcl: Tcl): Token {
  const items = isBalanced(argument) ? scan(argument, 'file').flatMap(({ tokens }) => tokens) : [];
  return { type: 'group', items: items.map((item) => withVariables(item, tcl)), raw: argument, line: 1, loose: true };
}

function restored(tokens: readonly Token[], kept: ReadonlyMap<string, Token>): readonly Token[] {
  return tokens.map((token) => {
    if (token.type === 'word') {
      return kept.get(token.text) ?? token;
    }
    return token.loose === true ? token : { ...token, items: restored(token.items, kept) };
  });
}

/**
 * The tokens of a command that a script gives as arguments of Tcl. Braces that are arguments of their own (`\{`) count as
 * braces; an argument of several words is one value where a value is expected, and its words elsewhere.
 */
export function tokensOf(args: readonly string[], tcl: Tcl): readonly Token[] {
  const kept = new Map<string, Token>();
  const words = args.map((argument, at) => {
    // One whose braces do not match is half of something; other text that cannot be read is just text.
    if (plain.test(argument) || !(isBalanced(argument) || bracesMatch(argument))) {
      return argument;
    }
    const key = `\u0001${at}\u0001`;
    kept.set(key, loose(argument, tcl));
    return key;
  });
  const statement = scan(words.join(' '), 'file').flatMap(({ tokens }) => tokens);
  return flattened(restored(statement, kept));
}

/** The words of a component and a name may come in one argument. */
function flattened(tokens: readonly Token[]): readonly Token[] {
  const rest = [...tokens];
  const head: Token[] = [];
  while (head.length < 4) {
    const next = rest.shift();
    if (next === undefined) {
      break;
    }
    if (next.type === 'group' && next.loose === true && head.length < 2) {
      rest.unshift(...next.items);
    } else {
      head.push(next);
    }
  }
  return [...head, ...rest];
}
