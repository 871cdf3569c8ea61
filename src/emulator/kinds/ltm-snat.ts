import { grammarError } from '../errors/device-error.ts';
import { configurationError } from '../errors/mcp.ts';
import { canonicalAddress, parseAddress } from '../names/address.ts';
import { splitFullPath } from '../names/full-path.ts';
import type { Session } from '../session/session.ts';
import { flags } from './fields/flags.ts';
import { namedItems } from './fields/items.ts';
import { metadata } from './fields/lists.ts';
import { reference, references } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { text, toggle, word } from './fields/scalars.ts';
import { defineKind, type Draft } from './kind.ts';
import { snatTranslationKind } from './ltm-snat-translation.ts';

/** An address, or a network with a prefix. */
function origin(text: string): string | undefined {
  const [host = '', prefix, ...more] = text.split('/');
  const parsed = parseAddress(host, 0);
  if (parsed === undefined || more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/v.test(prefix))) {
    return undefined;
  }
  return prefix === undefined ? `${host}/${host.includes(':') ? 128 : 32}` : text;
}

/** A SNAT has origins, and exactly one of: automap, a pool, a translation, which is made along. */
function prepare({ values }: Draft, session: Session): void {
  if (values['origins'] === undefined) {
    throw grammarError('one of the following must be specified:\nadd, delete, modify, replace-all-with');
  }
  const chosen = ['automap', 'snatpool', 'translation'].filter((name) => values[name] !== undefined);
  if (chosen.length > 1) {
    throw configurationError('A SNAT may have only one of automap, snatpool and translation');
  }
  const { translation } = values;
  if (typeof translation !== 'string' || session.store.get(snatTranslationKind, translation) !== undefined) {
    return;
  }
  const identity = splitFullPath(translation);
  const parsed = parseAddress(identity.name, session.routeDomainOf(identity.partition));
  if (parsed !== undefined) {
    session.createAlong(snatTranslationKind, identity, { address: canonicalAddress(parsed) });
  }
}

/** SNATs of their own, without a virtual server (defaults K; without origins the refusal of snatpools). */
export const snatKind = defineKind({
  path: 'ltm/snat',
  type: 'Snat',
  fields: [
    appService(),
    word('autoLasthop', ['default', 'enabled', 'disabled']),
    flags(['automap'], { removable: true }),
    text('description'),
    toggle('mirror'),
    namedItems('origins', origin),
    reference('snatpool', { target: 'ltm/snatpool' }),
    word('sourcePort', ['preserve', 'preserve-strict', 'change']),
    reference('translation', { target: 'ltm/snat-translation' }),
    references('vlans', { target: 'net/vlan' }),
    flags(['vlansDisabled', 'vlansEnabled'], { default: 'vlansDisabled' }),
    metadata(),
  ],
  hooks: { prepare },
});
