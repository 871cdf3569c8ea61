import { readFileSync } from 'node:fs';

/** The version in package.json, two folders up both from the sources and from what is compiled. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

const OLDEST_NODE = 24;

/** Why this Node cannot run Fairlead; undefined if it can. npm only warns, and an old Node fails later, far from the cause. */
export function nodeProblem(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return undefined;
  return `found Node ${version}, expected ${OLDEST_NODE} or later; install it, or put it first on the PATH`;
}
