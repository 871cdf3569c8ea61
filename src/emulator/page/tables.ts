import { markup, type Content, type Html } from './markup.ts';

/** A table with a caption; what stands there when it has no rows. */
export interface TableParts {
  readonly id: string;
  readonly caption: string;
  /** Beside the caption: how many there are. */
  readonly note: string;
  /** Heads of the columns; `#` in front: a number. */
  readonly columns: readonly string[];
  /** `tbody` elements. */
  readonly bodies: readonly Html[];
  readonly empty: Content;
}

function head(name: string): Html {
  return name.startsWith('#')
    ? markup`<th scope="col" class="number">${name.slice(1)}</th>`
    : markup`<th scope="col">${name}</th>`;
}

/** One section of the page. */
export function table({ id, caption, note, columns, bodies, empty }: TableParts): Html {
  const title = markup`<caption>
    ${caption}<span class="soft">${note}</span>
  </caption>`;
  const rows =
    bodies.length === 0
      ? markup`<tbody>
          <tr>
            <td class="soft" colspan="${columns.length}">${empty}</td>
          </tr>
        </tbody>`
      : bodies;
  return markup`<section id="${id}">
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        ${title}
        <thead>
          <tr>
            ${columns.map(head)}
          </tr>
        </thead>
        ${rows}
      </table>
    </div>
  </section> `;
}

/** A row of its own; the first cell is its head. */
export function body(row: Html): Html {
  return markup`<tbody>
    ${row}
  </tbody>`;
}

/** A name, and a description below it. */
export function nameCell(name: string, description = ''): Html {
  return markup`<th scope="row">
    ${name}${description === '' ? undefined : markup`<span class="note">${description}</span>`}
  </th>`;
}

/** A cell for addresses, paths and other text that a machine made. */
export function monoCell(text: string): Html {
  return markup`<td class="mono">${text === '' ? '–' : text}</td>`;
}

export function cell(text: string): Html {
  return markup`<td>${text === '' ? '–' : text}</td>`;
}

export function numberCell(value: number | string): Html {
  return markup`<td class="number">${typeof value === 'number' ? value.toLocaleString('en-US') : value}</td>`;
}

/** How many rows are shown, when these are not all. */
export function countNote(shown: number, total: number): string {
  const all = total.toLocaleString('en-US');
  return shown < total ? `the first ${shown} of ${all}; search to see others` : all;
}
