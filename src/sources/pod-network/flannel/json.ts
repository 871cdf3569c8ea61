/** What {@link parseJson} gives for a text that is no JSON. */
export const UNREADABLE = Symbol('no JSON');

/** What a text of JSON holds. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return UNREADABLE;
  }
}

/** A value of JSON that is a map; undefined for every other. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
