import { identifierMissing, invalidValue } from '../errors/mcp.ts';
import { markOwner } from '../iapps/ownership.ts';
import type { Draft, Kind } from '../kinds/kind.ts';
import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { dropWithItems } from './drop-items.ts';
import { identify } from './identify.ts';
import { parseBody, type Body } from './parse-body.ts';

/** The items of an inline list: objects, or texts that are names. `{items: [...]}` is accepted as some clients send it. */
function itemsIn(sub: Kind, given: unknown): readonly Body[] {
  if (given === null || given === '' || given === 'none') {
    return [];
  }
  const list = typeof given === 'object' && !Array.isArray(given) ? (given as { items?: unknown }).items : given;
  if (!Array.isArray(list)) {
    throw invalidValue(sub.inline ?? sub.path, given);
  }
  return list.map((item: unknown): Body => {
    if (typeof item === 'string') {
      return { name: item };
    }
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw identifierMissing();
    }
    return item as Body;
  });
}

/** A modified item may repeat what can only be given at creation, as long as a list is replaced as a whole. */
function withoutCreateOnly(sub: Kind, body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => sub.byName.get(name)?.createOnly !== true));
}

function placeItem(
  sub: Kind,
  body: Body,
  options: { readonly session: Session; readonly parent: ConfigObject; readonly replace: boolean },
): string {
  const { session, parent, replace } = options;
  const scope = scopeBelow(parent);
  const owner = parent.partition === undefined || 'partition' in body ? body : { partition: parent.partition, ...body };
  const identity = identify(sub, owner, { session, scope });
  const before = session.store.get(sub, identity.fullPath, scope);
  const context = session.parseContext(identity);
  const settable = before === undefined ? owner : withoutCreateOnly(sub, owner);
  const inlined = (name: string): boolean => sub.subs.some((below) => below.inline === name);
  const bare = before !== undefined && !Object.keys(settable).some((name) => sub.byName.has(name) || inlined(name));
  if (bare && !replace) {
    return identity.fullPath;
  }
  const parsed = bare
    ? { values: {}, given: new Set<string>(), inline: new Map<Kind, unknown>() }
    : parseBody(sub, settable, { before, replace, context });
  const draft: Draft = { kind: sub, scope, identity, values: parsed.values, given: parsed.given, before };
  markOwner(draft, session);
  sub.hooks.prepare?.(draft, session);
  const object = session.save(draft);
  for (const [below, items] of parsed.inline) {
    replaceItems(below, items, { session, parent: object, replace });
  }
  sub.hooks.stored?.(object, before, session);
  return identity.fullPath;
}

/**
 * Replaces a whole sub-collection by an inline list: items that are not in it go, new ones come, and those that stay
 * keep what the list does not mention (all of it goes back to defaults when the parent is replaced by PUT; conditions and
 * actions of a policy's rule are made anew, fact sheet 8.8).
 */
export function replaceItems(
  sub: Kind,
  given: unknown,
  options: { readonly session: Session; readonly parent: ConfigObject; readonly replace: boolean },
): void {
  const { session, parent } = options;
  const kept = new Set<string>();
  const items = itemsIn(sub, given);
  const wanted = new Set(items.map((body) => previewPath(sub, body, options)));
  for (const object of session.store.collection(sub, scopeBelow(parent)).list()) {
    if (sub.madeAnew === true || !wanted.has(object.fullPath)) {
      dropWithItems(object, session);
    }
  }
  for (const body of items) {
    kept.add(placeItem(sub, body, options));
  }
}

function previewPath(
  sub: Kind,
  body: Body,
  options: { readonly session: Session; readonly parent: ConfigObject },
): string {
  const { session, parent } = options;
  const owner = parent.partition === undefined || 'partition' in body ? body : { partition: parent.partition, ...body };
  return identify(sub, owner, { session, scope: scopeBelow(parent) }).fullPath;
}
