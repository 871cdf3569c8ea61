import type { Visitor } from './xml.ts';
import { walkXml } from './xml.ts';

/** Gathers the text of strings: runs of rich text are put together, and how they are spoken (phonetic runs) is left out. */
export class StringGatherer implements Visitor {
  text = '';
  #phonetic = 0;

  readonly open = ({ name }: { readonly name: string }): void => {
    if (name === 'rPh') this.#phonetic += 1;
  };

  readonly close = (name: string, text: string): void => {
    if (name === 'rPh') this.#phonetic -= 1;
    if (name === 't' && this.#phonetic === 0) this.text += unescape(text);
  };
}

/** The strings that cells name by their number. */
export function readSharedStrings(bytes: Uint8Array | undefined, part: string): readonly string[] {
  const strings: string[] = [];
  if (bytes === undefined) return strings;
  let current = new StringGatherer();
  walkXml(bytes, part, {
    open: (element) => {
      if (element.name === 'si') current = new StringGatherer();
      current.open(element);
    },
    close: (name, text) => {
      current.close(name, text);
      if (name === 'si') strings.push(current.text);
    },
  });
  return strings;
}

/** What XML cannot hold is written as `_x000D_`. */
export function unescape(text: string): string {
  return text.replaceAll(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
