import { SaxesParser } from 'saxes';
import { decodeText } from '../text.ts';
import { WorkbookProblem } from './problem.ts';

/** An element as it begins. Prefixes of namespaces are left out: strict and transitional OOXML differ in them alone. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Called for each element in the order of the text. */
export interface Visitor {
  readonly open?: (element: Element) => void;
  /** `text`: what stands in the element behind its last child. */
  readonly close?: (name: string, text: string) => void;
}

/**
 * Walks through the XML of a part. Throws {@link WorkbookProblem} where it is none. Entities beside the five of XML are
 * refused, and so is a document type, so that nothing unfolds or is fetched.
 */
export function walkXml(bytes: Uint8Array, part: string, visitor: Visitor): void {
  const decoded = decodeText(bytes, 'auto');
  if ('problem' in decoded) throw new WorkbookProblem(`${part} ${decoded.problem}`);
  const parser = new SaxesParser();
  let text = '';
  parser.on('doctype', () => {
    throw new WorkbookProblem(`${part} has a document type (DTD), expected none`);
  });
  parser.on('opentag', (tag) => {
    text = '';
    visitor.open?.({ name: localOf(tag.name), attributes: localNames(tag.attributes) });
  });
  parser.on('text', (more) => (text += more));
  parser.on('cdata', (more) => (text += more));
  parser.on('closetag', (tag) => {
    visitor.close?.(localOf(tag.name), text);
    text = '';
  });
  try {
    parser.write(decoded.text).close();
  } catch (error) {
    if (error instanceof WorkbookProblem) throw error;
    throw new WorkbookProblem(`${part} is no XML (${error instanceof Error ? error.message : String(error)})`);
  }
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Of two attributes that differ in their prefix alone, the one without it counts. */
function localNames(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const local: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('xmlns')) continue;
    const short = localOf(name);
    if (short === name || !Object.hasOwn(local, short)) local[short] = value;
  }
  return local;
}

/** `1`, `true`, `on`: what the schema calls true. */
export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}
