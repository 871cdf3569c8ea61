import { notFound } from '../errors/mcp.ts';
import type { Field } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { folderOf, splitFullPath } from '../names/full-path.ts';
import { sameJson } from '../session/equal.ts';
import { identityPart, type Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { scopeBelow } from '../store/scope.ts';
import { identify } from '../verbs/identify.ts';
import { createObject, deleteObject, modifyObject } from '../verbs/write.ts';
import { spelled } from './names.ts';
import type { Change, Edit, ItemChange } from './read-properties.ts';

type Body = Readonly<Record<string, unknown>>;

/** The body of an item of a sub-collection; its partition is the parent's unless the name says otherwise. */
function itemBody(item: ItemChange, parent: ConfigObject): Body {
  const owner = parent.partition === undefined ? {} : { partition: parent.partition };
  return { ...owner, name: item.name, ...wholeBody(item.change) };
}

/** A change of something new: what is added is all there is. */
function wholeBody(change: Change): Record<string, unknown> {
  const body: Record<string, unknown> = { ...change.body };
  for (const { property, action, items } of change.edits) {
    if (action === 'delete') {
      continue;
    }
    const json = property.type === 'field' ? property.json : (property.kind.inline ?? property.kind.path);
    const given = Array.isArray(body[json]) ? (body[json] as unknown[]) : [];
    body[json] = [...given, ...items.map((item) => Object.assign({ name: item.name }, wholeBody(item.change)))];
  }
  return body;
}

/** Names of items of a field's list that may stand for a name that was given. */
function spellings(name: string, field: Field, of: { object: ConfigObject; session: Session }): readonly string[] {
  const { object, session } = of;
  const target = field.reference?.target;
  const folder = folderOf(splitFullPath(object.fullPath));
  return target === undefined ? [name] : [name, session.resolve(target, name, folder)];
}

function nameOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) {
    return String(item);
  }
  const { name, fullPath } = item as Record<string, unknown>;
  return String(fullPath ?? name);
}

/** A stored item as requests give it. */
function givenForm(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'fullPath' in item
    ? Object.assign({}, item, { fullPath: undefined, name: item.fullPath })
    : item;
}

/** A list of a field as requests give it, after one edit. */
function editedList(
  edit: Edit,
  field: Field,
  of: { object: ConfigObject; session: Session; before: unknown },
): readonly unknown[] {
  const stored: unknown = of.before ?? of.object.values[field.name] ?? field.default ?? [];
  let list: unknown[] = Array.isArray(stored) ? stored.map(givenForm) : [];
  for (const { name, change } of edit.items) {
    const names = spellings(name, field, of);
    const at = list.findIndex((item) => names.includes(nameOf(item)) || nameOf(item).startsWith(`${name}/`));
    if (at < 0 && edit.action !== 'add') {
      throw notFound(spelled(field.name), name);
    }
    const more = { ...change.body };
    if (edit.action === 'delete') {
      list = list.toSpliced(at, 1);
    } else if (at < 0) {
      list.push(Object.keys(more).length === 0 && field.shape !== 'list' ? name : { ...more, name });
    } else {
      const before = list[at];
      list[at] = typeof before === 'object' ? { ...before, ...more } : before;
    }
  }
  return list;
}

/** Items of a sub-collection that an edit names; `all` is every one. */
function itemsNamed(
  kind: Kind,
  item: ItemChange,
  of: { parent: ConfigObject; session: Session },
): readonly ConfigObject[] {
  const { parent, session } = of;
  const scope = scopeBelow(parent);
  if (item.name === 'all') {
    return [...session.store.collection(kind, scope).list()];
  }
  const identity = identify(kind, itemBody({ ...item, change: { body: {}, edits: [], kept: {} } }, parent), {
    session,
    scope,
  });
  const found = session.store.get(kind, identity.fullPath, scope);
  if (found === undefined) {
    throw (
      kind.hooks.missing?.(identity.fullPath, scope) ??
      notFound(kind.type, kind.hooks.describe?.(scope, identity) ?? identity.fullPath)
    );
  }
  return [found];
}

function editItems(edit: Edit, kind: Kind, of: { parent: ConfigObject; session: Session }): void {
  const { parent, session } = of;
  for (const item of edit.items) {
    if (edit.action === 'add') {
      createObject(kind, itemBody(item, parent), { session, scope: scopeBelow(parent) });
      continue;
    }
    for (const found of itemsNamed(kind, item, of)) {
      if (edit.action === 'delete') {
        deleteObject(found, session);
      } else {
        modifyWith(found, item.change, session);
      }
    }
  }
}

/** Leaves out what can be given at creation only and is given as it is. */
function withoutRepeated(object: ConfigObject, body: Body, session: Session): Body {
  const context = session.parseContext(identityPart(object));
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => {
      const field = object.kind.byName.get(name);
      return field?.createOnly !== true || !sameJson(field.parse?.(value, context), object.values[field.name]);
    }),
  );
}

/** Carries a change out on an object that is there; gives the object as it is then. */
export function modifyWith(object: ConfigObject, change: Change, session: Session): ConfigObject {
  const body: Record<string, unknown> = { ...withoutRepeated(object, change.body, session) };
  for (const edit of change.edits) {
    if (edit.property.type === 'field') {
      const { field, json } = edit.property;
      body[json] = editedList(edit, field, { object, session, before: body[json] });
    }
  }
  const isEmpty = Object.keys(body).length === 0;
  const asked = change.edits.length > 0 || Object.keys(change.body).length > 0 || session.loading;
  let now = isEmpty && asked ? object : modifyObject(object, body, { session, replace: false });
  for (const edit of change.edits) {
    if (edit.property.type === 'items') {
      editItems(edit, edit.property.kind, { parent: now, session });
    }
  }
  now = session.store.get(now.kind, now.fullPath, now.scope) ?? now;
  return now;
}

/** Makes an object with a change. `name` is absolute, or in no folder. */
export function createWith(kind: Kind, name: string, given: { change: Change; session: Session }): ConfigObject {
  const { change, session } = given;
  return createObject(kind, { name, ...wholeBody(change) }, { session, scope: '' });
}
