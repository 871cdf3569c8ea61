import { notFound, policyMissing } from '../errors/mcp.ts';
import { folderOf, splitFullPath, type Identity } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import { nameIn } from '../verbs/identify.ts';
import { objectUri, versioned } from '../view/links.ts';
import { word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** Profiles that serve one side unless told otherwise. */
const sides: Readonly<Record<string, string>> = {
  'ltm/profile/client-ssl': 'clientside',
  'ltm/profile/server-ssl': 'serverside',
};

/** An item names a profile: by full path, by name and partition, or by a name in the virtual's folder or `/Common`. */
function identifyItem(
  targetClass: string,
): (body: Readonly<Record<string, unknown>>, session: Session, scope: string) => Identity {
  return (body, session, scope) => {
    const name = nameIn(body);
    const { partition } = body;
    if (!name.startsWith('/') && typeof partition === 'string') {
      const there = `/${partition}/${name}`;
      if (session.store.lookup(targetClass, there) !== undefined) {
        return splitFullPath(there);
      }
    }
    return splitFullPath(session.resolve(targetClass, name, folderOf(splitFullPath(scope))));
  };
}

/** The profiles of a virtual server. */
export const virtualProfileKind = defineKind({
  path: 'ltm/virtual/profiles',
  type: 'profile',
  inline: 'profiles',
  fields: [word('context', ['all', 'clientside', 'serverside'])],
  hooks: {
    identify: identifyItem('profile'),
    prepare: (draft, session) => {
      const profile = session.store.lookup('profile', draft.identity.fullPath);
      draft.values['context'] ??= profile === undefined ? 'all' : (sides[profile.kind.path] ?? 'all');
    },
    check: (item, session) => {
      if (session.store.lookup('profile', item.fullPath) === undefined) {
        throw notFound('profile', item.fullPath);
      }
    },
    decorate: (rendered, item, { device }) => {
      const profile = device.store.lookup('profile', item.fullPath);
      if (profile !== undefined) {
        rendered['nameReference'] = { link: versioned(objectUri(profile, device), device) };
      }
      return rendered;
    },
    indexes: (item) => [['ref:profile', item.fullPath]],
  },
});

/** The policies of a virtual server. */
export const virtualPolicyKind = defineKind({
  path: 'ltm/virtual/policies',
  type: 'policy',
  inline: 'policies',
  fields: [],
  hooks: {
    identify: identifyItem('ltm/policy'),
    check: (item, session) => {
      if (session.store.lookup('ltm/policy', item.fullPath) === undefined) {
        throw policyMissing(item.scope, item.fullPath);
      }
    },
    decorate: (rendered, item, { device }) => {
      const policy = device.store.lookup('ltm/policy', item.fullPath);
      if (policy !== undefined) {
        rendered['nameReference'] = { link: versioned(objectUri(policy, device), device) };
      }
      return rendered;
    },
    indexes: (item) => [['ref:ltm/policy', item.fullPath]],
  },
});
