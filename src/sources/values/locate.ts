import type { Document, LineCounter, Node, Pair } from 'yaml';
import { isMap, isNode, isScalar, isSeq } from 'yaml';

/** Where something stands in a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A path into the file: keys and list positions. */
export type FieldPath = readonly PropertyKey[];

/** `targets[0].bigip.password`; the empty path is `(the whole file)`. */
export function printPath(path: FieldPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text === '' ? '(the whole file)' : text;
}

/** Finds places in a parsed YAML document. */
export class Locator {
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  /** The value's place; a value that is missing: the place of the nearest thing around it that is there. */
  value(path: FieldPath): Place {
    for (let length = path.length; length >= 0; length -= 1) {
      const range = this.#node(path.slice(0, length))?.range;
      if (!range) continue;
      return length === path.length ? this.at(range[0]) : this.key(path.slice(0, length));
    }
    return { line: 1, column: 1 };
  }

  /** The place of the key that the path ends with; an item of a list has none, so the item's own place. */
  key(path: FieldPath): Place {
    const last = path.at(-1);
    const parent = this.#node(path.slice(0, -1));
    if (isMap(parent)) {
      const pair = parent.items.find((item) => keyText(item) === String(last));
      if (isNode(pair?.key) && pair.key.range) return this.at(pair.key.range[0]);
    }
    const range = this.#node(path)?.range;
    return range ? this.at(range[0]) : { line: 1, column: 1 };
  }

  /** The place of a character offset. */
  at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #node(path: FieldPath): Node | undefined {
    let node: unknown = this.#document.contents;
    for (const part of path) {
      if (!isMap(node) && !isSeq(node)) return undefined;
      node = node.get(typeof part === 'number' ? part : String(part), true);
    }
    return isNode(node) ? node : undefined;
  }
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}
