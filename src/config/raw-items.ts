/** A mapping of the file. */
export type Item = Readonly<Record<string, unknown>>;

/** The items of a list of the file; undefined for what is no mapping. */
export function itemsOf(raw: unknown, list: string): readonly (Item | undefined)[] {
  const value = asItem(raw)?.[list];
  return Array.isArray(value) ? value.map(asItem) : [];
}

/** A mapping; undefined: it is none. */
export function asItem(value: unknown): Item | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Item) : undefined;
}
