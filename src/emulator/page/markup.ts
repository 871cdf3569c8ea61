/** Text that is HTML already. Nothing else gets into a page without being escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in a template: HTML, lists of it, text and numbers; nothing for `undefined`. */
export type Content = Html | string | number | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gv, (letter) => entities[letter] ?? letter);
}

function printed(content: Content): string {
  if (content === undefined) {
    return '';
  }
  if (content instanceof Html) {
    return content.text;
  }
  return typeof content === 'object' ? content.map(printed).join('') : escape(String(content));
}

/** A template whose values are escaped, for elements and for attributes in double quotes. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, at) => part + printed(values[at])).join(''));
}
