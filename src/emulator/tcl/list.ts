import { backslash, closingBrace } from './parse.ts';

/** The elements of a list. */
export function splitList(text: string): string[] {
  const items: string[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /^\s+/v.exec(text.slice(at, at + 200))?.[0];
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const { item, next } = element(text, at);
    items.push(item);
    at = next;
  }
  return items;
}

function element(text: string, at: number): { readonly item: string; readonly next: number } {
  if (text[at] === '{') {
    const end = closingBrace(text, at);
    return { item: text.slice(at + 1, end), next: end + 1 };
  }
  const isQuoted = text[at] === '"';
  let item = '';
  let place = isQuoted ? at + 1 : at;
  for (let letter = text[place]; letter !== undefined; letter = text[place]) {
    if (isQuoted ? letter === '"' : /\s/v.test(letter)) {
      break;
    }
    if (letter === '\\') {
      const { value, length } = backslash(text, place);
      item += value;
      place += length;
    } else {
      item += letter;
      place += 1;
    }
  }
  return { item, next: isQuoted ? place + 1 : place };
}

/** Whether braces of a text are in balance, so that it can stand between braces. */
export function isBalanced(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') {
      at += 1;
    } else if (text[at] === '{') {
      depth += 1;
    } else if (text[at] === '}') {
      depth -= 1;
    }
    if (depth < 0) {
      return false;
    }
  }
  return depth === 0 && !/(?:^|[^\\])(?:\\\\)*\\$/v.test(text);
}

function quoteElement(item: string): string {
  if (item === '') {
    return '{}';
  }
  if (!/[\s"\{\}\[\]$;\\]/v.test(item) && !item.startsWith('#')) {
    return item;
  }
  return isBalanced(item)
    ? `{${item}}`
    : item.replaceAll(/[\s"\{\}\[\]$;\\#]/gv, (letter) => (letter === '\n' ? '\\n' : `\\${letter}`));
}

/** A list out of its elements. */
export function makeList(items: readonly string[]): string {
  return items.map(quoteElement).join(' ');
}
