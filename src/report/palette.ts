/** Puts colour on text, or leaves it as it is. Injected: nothing here asks whether there is a terminal. */
export interface Palette {
  readonly added: (text: string) => string;
  readonly changed: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string): string => text;

/** No colour. */
export const plainPalette: Palette = { added: same, changed: same, removed: same, strong: same, faint: same };

/** ANSI colours for terminals: green, yellow, red, bold, dim. */
export const ansiPalette: Palette = {
  added: ansi(32, 39),
  changed: ansi(33, 39),
  removed: ansi(31, 39),
  strong: ansi(1, 22),
  faint: ansi(2, 22),
};

function ansi(on: number, off: number): (text: string) => string {
  return (text) => `\u001B[${on}m${text}\u001B[${off}m`;
}
