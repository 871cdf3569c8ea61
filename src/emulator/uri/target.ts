import { icrdError } from '../errors/device-error.ts';
import type { Kind } from '../kinds/kind.ts';
import type { KindRegistry } from '../kinds/registry.ts';
import { decodeSegment } from '../names/full-path.ts';
import { publicPathNotRegistered } from '../errors/restjavad.ts';
import { scopeBelow } from '../store/scope.ts';

/** What a path under `/mgmt/tm` means. */
export type Target =
  | { readonly type: 'organizing'; readonly path: string }
  | { readonly type: 'collection'; readonly kind: Kind; readonly scope: string; readonly stats: boolean }
  | {
      readonly type: 'object';
      readonly kind: Kind;
      readonly scope: string;
      readonly fullPath: string;
      readonly stats: boolean;
    }
  | { readonly type: 'example'; readonly kind: Kind }
  | { readonly type: 'all-members-stats' };

/** The full path that a URI segment names, for a kind: bare names are in `/Common`. */
function pathOf(kind: Kind, segment: string): string {
  if (kind.path === 'sys/folder') {
    return segment === '~' ? '/' : decodeSegment(segment.startsWith('~') ? segment : `~${segment}`);
  }
  const decoded = kind.hooks.fromSegment?.(segment) ?? decodeSegment(segment);
  if (kind.naming !== 'folder' || decoded.startsWith('/')) {
    return decoded;
  }
  return `/Common/${decoded}`;
}

function longestCollection(segments: readonly string[], kinds: KindRegistry): { kind: Kind; used: number } | undefined {
  for (let used = Math.min(segments.length, 6); used > 0; used -= 1) {
    const kind = kinds.byPath.get(segments.slice(0, used).join('/'));
    if (kind !== undefined && !kinds.parents.has(kind.path)) {
      return { kind, used };
    }
  }
  return undefined;
}

function unrecognized(segments: readonly string[], element: string): Error {
  return icrdError(400, `Unrecognized path element in '/${segments.join('/')}': '${element}'`);
}

function below(kind: Kind, rest: readonly string[], context: { scope: string; segments: readonly string[] }): Target {
  const { scope, segments } = context;
  const [first, second, ...more] = rest;
  if (first === undefined || (first === 'stats' && second === undefined)) {
    return { type: 'collection', kind, scope, stats: first === 'stats' };
  }
  if (first === 'example' && second === undefined) {
    return { type: 'example', kind };
  }
  if (kind.path === 'ltm/pool' && first === 'members' && second === 'stats') {
    return { type: 'all-members-stats' };
  }
  const fullPath = pathOf(kind, first);
  if (second === undefined || (second === 'stats' && more.length === 0)) {
    return { type: 'object', kind, scope, fullPath, stats: second === 'stats' };
  }
  const sub = kind.subs.find((candidate) => candidate.path === `${kind.path}/${second}`);
  if (sub === undefined) {
    throw unrecognized(segments, second);
  }
  return below(sub, more, { scope: scopeBelow({ scope, fullPath }), segments });
}

/** Finds what the segments of a path mean; throws as the device does when they mean nothing. */
export function resolveTarget(segments: readonly string[], kinds: KindRegistry): Target {
  const found = longestCollection(segments, kinds);
  if (found === undefined) {
    const path = segments.join('/');
    if (kinds.organizing.has(path)) {
      return { type: 'organizing', path };
    }
    throw publicPathNotRegistered(`/tm/${path}`);
  }
  const { kind, used } = found;
  const rest = segments.slice(used);
  if (kind.naming === 'singleton') {
    return { type: 'object', kind, scope: '', fullPath: kind.path, stats: rest[0] === 'stats' };
  }
  return below(kind, rest, { scope: '', segments });
}
