const LIMIT = 50_000;
const pool = new Map<string, string>();

/**
 * One copy of texts that repeat in thousands of records (namespaces, node names, port names). Bounded: when it is
 * full it starts again, which costs memory, never correctness.
 */
export function intern(text: string): string {
  const known = pool.get(text);
  if (known !== undefined) return known;
  if (pool.size >= LIMIT) pool.clear();
  pool.set(text, text);
  return text;
}

/** The fields of an object that are not `undefined`; what `exactOptionalPropertyTypes` asks for. */
export function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value;
  return kept as Partial<T>;
}
