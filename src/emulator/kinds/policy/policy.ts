import { mcpError } from '../../errors/device-error.ts';
import { alreadyExists, configurationError, notFound } from '../../errors/mcp.ts';
import { identityPart, type Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { dropWithItems } from '../../verbs/drop-items.ts';
import { folderIdentity } from '../../verbs/identify.ts';
import type { Field } from '../field.ts';
import { asNames } from '../fields/lists.ts';
import { reference } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { readOnly, text } from '../fields/scalars.ts';
import { defineKind, type Draft } from '../kind.ts';
import { copyItems } from './copy.ts';
import { keyword } from './keywords.ts';
import { effectiveNeeds, type PolicyNeeds } from './needs.ts';
import { draftOf, ensureDraftsFolder, isDraft, publishedOf, publishedPolicy, seconds } from './paths.ts';
import { checkAttached } from './requirements.ts';
import { policyRuleKind } from './rules.ts';

/** `controls` and `requires`: kept as given, else read out of the rules. */
function needs(name: keyof PolicyNeeds): Field {
  return {
    name,
    default: [],
    parse: (value) => {
      const names = asNames(value, name);
      return names.length === 0 ? undefined : names;
    },
    print: (_value, { device }, policy) => {
      const found = effectiveNeeds(policy, device.store)[name];
      return found.length === 0 ? undefined : found;
    },
  };
}

function createDraft(policy: ConfigObject, session: Session): void {
  const identity = draftOf(identityPart(policy));
  const { fullPath, partition = 'Common' } = identity;
  if (session.store.lookup('ltm/policy', fullPath) !== undefined) {
    throw alreadyExists('Policy', fullPath, partition);
  }
  ensureDraftsFolder(identity, session);
  const values = { ...policy.values, status: 'draft', lastModified: seconds(session) };
  copyItems(policy, session.createAlong(policy.kind, identity, values), session);
}

function refuseExisting(draft: Draft, session: Session): void {
  const published = publishedOf(draft.identity).fullPath;
  if (draft.before === undefined && session.store.lookup('ltm/policy', published) !== undefined) {
    throw configurationError(`Published policy "${published}" exists, use create-draft to create a draft copy .`);
  }
}

function prepare(draft: Draft, session: Session): void {
  const { values, before, identity } = draft;
  const legacy = values['legacy'] === true;
  const copy = values['createDraft'] === true;
  values['legacy'] = undefined;
  values['createDraft'] = undefined;
  if (copy && before !== undefined && !isDraft(identity)) {
    createDraft(before, session);
    return;
  }
  if (isDraft(identity)) {
    if (!session.loading) {
      refuseExisting(draft, session);
    }
  } else if (!legacy && !session.loading) {
    throw publishedPolicy(identity);
  }
  values['status'] = isDraft(identity) ? 'draft' : 'legacy';
  values['lastModified'] = seconds(session);
}

/** `publish`: the draft takes the place of the published policy of its name, and is gone. */
function publish(body: Readonly<Record<string, unknown>>, session: Session): void {
  const { fullPath } = folderIdentity(body);
  const draft = session.store.lookup('ltm/policy', fullPath);
  if (draft === undefined) {
    throw notFound('Policy', fullPath);
  }
  if (!isDraft(draft)) {
    throw configurationError(`Policy "${fullPath}" is not a draft, only drafts can be published`);
  }
  const identity = publishedOf(identityPart(draft));
  const before = session.store.lookup('ltm/policy', identity.fullPath);
  if (before !== undefined) {
    for (const rule of session.store.collection(policyRuleKind, before.fullPath).list()) {
      dropWithItems(rule, session);
    }
  }
  const values = { ...draft.values, status: 'published', lastModified: seconds(session) };
  const published = session.save({ kind: draft.kind, scope: '', identity, values, given: new Set(), before });
  copyItems(draft, published, session);
  dropWithItems(draft, session);
}

const system = ['_sys_CEC_SSL_client_policy', '_sys_CEC_SSL_server_policy', '_sys_CEC_video_policy'];

/** LTM policies with their life cycle of drafts (fact sheet 8.8). */
export const policyKind = defineKind({
  path: 'ltm/policy',
  type: 'Policy',
  fields: [
    appService(),
    needs('controls'),
    keyword('createDraft'),
    text('description'),
    readOnly('hints', undefined),
    readOnly('lastModified', undefined),
    keyword('legacy'),
    needs('requires'),
    readOnly('status', undefined),
    reference('strategy', { target: 'ltm/policy-strategy' }, { default: '/Common/first-match' }),
    readOnly('references', {}, { tail: true }),
  ],
  subs: [policyRuleKind],
  commands: { publish },
  stock: system.map((name) => ({
    name,
    values: { hints: ['no-write', 'no-delete', 'no-exclusion'], status: 'published' },
  })),
  hooks: {
    identify: (body, session) => {
      const identity = folderIdentity(body);
      if (isDraft(identity)) {
        ensureDraftsFolder(identity, session);
      }
      return identity;
    },
    prepare,
    check: checkAttached,
    beforeDelete: (policy) => {
      if (policy.values['hints'] !== undefined) {
        throw mcpError(`01070265:3: The Policy (${policy.fullPath}) cannot be deleted because it is a system policy.`);
      }
    },
  },
});
