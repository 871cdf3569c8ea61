import type { IngressBackend, IngressPath } from '../model-ingress.ts';
import type { IngressScope } from './ingress-scope.ts';
import { equalValues } from '../../../ir/equal.ts';

/** A path as requests carry it: what is no ASCII stands as the bytes of its UTF-8. */
export function pathOnWire(path: string): string {
  // oxlint-disable-next-line no-control-regex -- what is no ASCII is what it looks for
  return path.replaceAll(/[^\u0000-\u007F]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
}

/** The path of a rule of type Prefix: without slashes at its end, which mean nothing; empty: all paths. */
export function prefixOf(path: string): string {
  return pathOnWire(path).replace(/\/+$/, '');
}

interface Known {
  readonly field: string;
  readonly backend: IngressBackend;
}

/** Tells of paths that mean something else than who wrote them may have thought, and of those that are there twice. */
export function reportPaths(scope: IngressScope): void {
  const known = new Map<string, Known>();
  scope.record.rules.forEach(({ host, paths }, index) => {
    paths.forEach((path, number) => {
      const field = `spec.rules[${index}].http.paths[${number}]`;
      reportCharacters(scope, path, field);
      const isExact = path.pathType === 'Exact';
      const key = `${host} ${isExact ? `Exact ${pathOnWire(path.path)}` : `Prefix ${prefixOf(path.path)}`}`;
      const first = known.get(key);
      if (first === undefined) known.set(key, { field, backend: path.backend });
      else if (!equalValues(first.backend, path.backend)) reportTwice(scope, field, first);
    });
  });
}

function reportTwice({ problems }: IngressScope, field: string, first: Known): void {
  problems.add({
    code: 'path-twice',
    severity: 'warning',
    text: `${field} is for the same host and path as ${first.field}, which comes first and is served; expected another path, or the same backend`,
    field,
  });
}

function reportCharacters({ problems }: IngressScope, { path, pathType }: IngressPath, field: string): void {
  const say = (text: string): void =>
    problems.add({
      code: 'path-idle',
      severity: 'warning',
      text: `${field}.path is ${JSON.stringify(path)}, ${text}`,
      field: `${field}.path`,
    });
  const mark = /[?#]/.exec(path)?.[0];
  if (mark !== undefined) say(`but no path of a request has a ${mark}: expected a path without a query`);
  // Other controllers take patterns here.
  const pattern = pathType === 'ImplementationSpecific' ? /[*^$()|\\]/.exec(path)?.[0] : undefined;
  if (pattern !== undefined) say(`in which ${pattern} stands for itself: expected a prefix, patterns are not read`);
}
