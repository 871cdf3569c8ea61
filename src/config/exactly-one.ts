/** What zod's `refine` takes. */
export interface Rule {
  readonly error: string;
  readonly when: (payload: { readonly value: unknown }) => boolean;
}

/** True if exactly one of these keys is set. */
export function hasExactlyOne(value: object, keys: readonly string[]): boolean {
  const record = value as Readonly<Record<string, unknown>>;
  return keys.filter((key) => record[key] !== undefined).length === 1;
}

/** A rule over an object that is checked also when its fields have problems of their own: all problems are told. */
export function rule(error: string): Rule {
  return { error, when: ({ value }) => typeof value === 'object' && value !== null };
}

/** The JSON Schema for "exactly one of these". */
export function oneOfRequired(keys: readonly string[]): { readonly oneOf: { readonly required: string[] }[] } {
  return { oneOf: keys.map((key) => ({ required: [key] })) };
}
