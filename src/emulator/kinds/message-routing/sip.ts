import { defaultsFrom, inheritHooks } from '../profiles/profile-kind.ts';
import { integer, text, toggle } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

const path = 'ltm/message-routing/sip/profile/session';
const root = '/Common/sipsession';

/** Session profiles of SIP: name and limits (K, and in part). */
export const sipSessionKind = defineKind({
  path,
  type: 'SIP session profile',
  class: 'profile',
  inherits: true,
  fields: [
    defaultsFrom('profile', { root, shown: false }),
    text('description'),
    toggle('generateResponseOnFailure'),
    integer('maxMsgHeaderCount', 64),
    integer('maxMsgHeaderSize', 16_384),
    integer('maxMsgSize', 65_535),
    integer('maxEgressBuffer', 32_768),
  ],
  stock: [{ name: 'sipsession' }, { name: 'sipsession-alg', values: { defaultsFrom: root } }],
  hooks: inheritHooks(path, root, 'profile'),
});
