/** The commands of a line of bash, each as its words without quotes. `|`, `&` and redirections are words of their own. */
export function bashCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let at = 0;
  while (at < line.length) {
    const separator = /^(?:\s*(?:;|&&|\n)\s*)/v.exec(line.slice(at))?.[0];
    const blank = separator === undefined ? /^\s+/v.exec(line.slice(at))?.[0] : undefined;
    if (separator !== undefined) {
      commands.push([]);
      at += separator.length;
    } else if (blank === undefined) {
      const { word, length } = bashWord(line.slice(at));
      commands.at(-1)?.push(word);
      at += length;
    } else {
      at += blank.length;
    }
  }
  return commands.filter((words) => words.length > 0);
}

const plain = /^[^\s;\x26\|<>"'\\]+/v;

/** The first word of a text, and how much of the text it takes. */
function bashWord(text: string): { readonly word: string; readonly length: number } {
  let word = '';
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const quoted = /^'([^']*)'|^"((?:[^"\\]|\\[\s\S])*)"/v.exec(rest);
    const bare = plain.exec(rest)?.[0];
    if (quoted !== null) {
      word += quoted[1] ?? (quoted[2] ?? '').replaceAll(/\\(["\\$`])/gv, '$1');
      at += quoted[0].length;
    } else if (bare !== undefined) {
      word += bare;
      at += bare.length;
    } else if (rest.startsWith('\\') && rest.length > 1) {
      word += rest.charAt(1);
      at += 2;
    } else {
      break;
    }
  }
  return at === 0 ? { word: text.charAt(0), length: 1 } : { word, length: at };
}

/** A command of tmsh out of the arguments of a program: an argument with blanks that quotes nothing is one value. */
export function tmshLine(args: readonly string[]): string {
  const rest = [...args];
  while (/^-[a-z]$/v.test(rest[0] ?? '')) {
    if (rest.shift() === '-c') {
      return rest.join(' ');
    }
  }
  return rest.map((arg) => (/\s/v.test(arg) && !/[\{\}"]/v.test(arg) ? `"${arg}"` : arg)).join(' ');
}
