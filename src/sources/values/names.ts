import { createHash } from 'node:crypto';

/**
 * Longest name that is made. The device's limit is 255 characters for a whole path; the longest that Kubernetes can
 * ask for is 159 (namespace 63, Service 63, port 15, suffixes), so real names are never cut. What a manifest holds
 * that no API server has seen may be longer.
 */
export const NAME_MAX = 200;
const HASH_LENGTH = 10;

/** A name of at most {@link NAME_MAX} characters: a longer one is cut, and ends in a hash of the whole. */
export function fitName(name: string): string {
  if (name.length <= NAME_MAX) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, NAME_MAX - HASH_LENGTH - 1)}_${hash}`;
}
