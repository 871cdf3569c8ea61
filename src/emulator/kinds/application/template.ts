import { createHash } from 'node:crypto';
import { configurationError } from '../../errors/mcp.ts';
import { isProvisioned } from '../../rest/provisioned.ts';
import type { Device } from '../../session/device.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { atLeast, laterThan } from '../../version/version.ts';
import { appService } from '../fields/app-service.ts';
import { code } from '../fields/code.ts';
import { texts } from '../fields/lists.ts';
import { readOnly, text, word } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { stockActions, stockTemplates } from './stock.ts';

/** What an action of a template runs and shows; `definition` is the one that makes the objects. */
export const templateActionKind = defineKind({
  path: 'sys/application/template/actions',
  type: 'application template action',
  naming: 'flat',
  inline: 'actions',
  fields: [code('htmlHelp'), code('implementation'), code('macro'), code('presentation'), texts('roleAcl')],
  stock: stockActions,
});

/** The checksum of what a template does; the device's own recipe is not known. The name does not count. */
function checksumOf(template: ConfigObject, { store }: Pick<Session, 'store'>): string {
  const { description, requiresBigipVersionMin, requiresBigipVersionMax, requiresModules } = template.values;
  const actions = Array.from(store.collection(templateActionKind, template.fullPath).list(), (action) => [
    action.name,
    Object.entries(action.values).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  const content = [description, requiresBigipVersionMin, requiresBigipVersionMax, requiresModules, actions];
  return createHash('md5').update(JSON.stringify(content)).digest('hex');
}

/** A mark of what a template runs, which services remember. */
export function scriptMark(template: string, store: Session['store']): string {
  const action = store.get(templateActionKind, 'definition', template);
  const { implementation = '', macro = '' } = action?.values ?? {};
  return createHash('md5')
    .update(JSON.stringify([implementation, macro]))
    .digest('hex');
}

/** Why a template cannot be used on a device as it is; undefined when it can (words K). */
export function prerequisiteErrors(template: ConfigObject, device: Device): string | undefined {
  const { requiresModules: modules } = template.values;
  const min = textOf(template, 'requiresBigipVersionMin');
  const max = textOf(template, 'requiresBigipVersionMax');
  const missing = (Array.isArray(modules) ? modules.map(String) : []).filter((each) => !isProvisioned(each, device));
  const errors = missing.map((each) => `This template requires module ${each}, which is not provisioned.`);
  if (min !== undefined && !atLeast(device.version, min)) {
    errors.push(`This template requires BIG-IP version ${min} or later.`);
  }
  if (max !== undefined && laterThan(device.version, max)) {
    errors.push(`This template requires BIG-IP version ${max} or earlier.`);
  }
  return errors.length === 0 ? undefined : errors.join(' ');
}

/** `generate ... checksum`: the template is held to its text from then on. */
function generate(body: Readonly<Record<string, unknown>>, session: Session): void {
  const template = session.store.lookup('sys/application/template', String(body['name']));
  if (template === undefined) {
    throw configurationError(`The requested application template (${String(body['name'])}) was not found.`);
  }
  session.change(template, { tmplChecksum: checksumOf(template, session) });
}

/** Refuses to make what a REST transaction cannot make (fact sheet 8.15; words K). */
export function refuseInTransaction(what: string, draft: { readonly before: unknown }, session: Session): void {
  if (session.inTransaction && !session.loading && draft.before === undefined) {
    throw configurationError(`An ${what} cannot be created within a transaction`);
  }
}

/** iApp templates (fact sheet 8.15). */
export const templateKind = defineKind({
  path: 'sys/application/template',
  type: 'application template',
  fields: [
    appService(),
    text('description'),
    word('ignoreVerification', ['false', 'true']),
    readOnly('prerequisiteErrors', undefined),
    text('requiresBigipVersionMax'),
    text('requiresBigipVersionMin'),
    texts('requiresModules'),
    text('tmplChecksum'),
    text('tmplSignature'),
    readOnly('totalSigningStatus', 'not-all-signed'),
    readOnly('verificationStatus', 'none'),
  ],
  subs: [templateActionKind],
  stock: stockTemplates,
  commands: { generate },
  hooks: {
    prepare: (draft, session) => refuseInTransaction('application template', draft, session),
    check: (template, session) => {
      const checksum = textOf(template, 'tmplChecksum');
      const strict = textOf(template, 'ignoreVerification') !== 'true';
      if (checksum !== undefined && strict && checksum !== checksumOf(template, session)) {
        throw configurationError(`AppTemplate (${template.fullPath}) content does not match the checksum`);
      }
    },
    decorate: (rendered, template, { device }) => {
      const errors = prerequisiteErrors(template, device);
      const shown = { ...rendered, ...(errors === undefined ? {} : { prerequisiteErrors: errors }) };
      return textOf(template, 'tmplChecksum') === undefined
        ? shown
        : { ...shown, totalSigningStatus: 'checksum', verificationStatus: 'checksum-verified' };
    },
  },
});
