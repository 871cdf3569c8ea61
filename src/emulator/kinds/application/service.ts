import { grammarError } from '../../errors/device-error.ts';
import { invalidValue } from '../../errors/mcp.ts';
import { removeOwned } from '../../iapps/remove-owned.ts';
import { folderOf, identityOf, splitFullPath, type Identity } from '../../names/full-path.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { atLeast } from '../../version/version.ts';
import { folderIdentity } from '../../verbs/identify.ts';
import { metadata } from '../fields/lists.ts';
import { reference } from '../fields/references.ts';
import { asText, readOnly, text, toggle, word } from '../fields/scalars.ts';
import type { Field } from '../field.ts';
import { defineKind, type Draft } from '../kind.ts';
import { folderKind } from '../sys-folder.ts';
import { inputFields } from './service-inputs.ts';
import { prerequisiteErrors, refuseInTransaction, scriptMark } from './template.ts';

/** A service stands in a folder of its own: `web` is `/P/web.app/web`. */
function identifyService(body: Readonly<Record<string, unknown>>): Identity {
  const { name, partition = 'Common', subPath = '' } = folderIdentity(body);
  const own = `${name}.app`;
  const isThere = subPath === own || subPath.endsWith(`/${own}`);
  return identityOf(partition, isThere ? subPath : [subPath, own].filter((part) => part !== '').join('/'), name);
}

/** The action to run; never kept. Clients spell it either way. */
function executeAction(name: string): Field {
  return {
    name,
    parse: (value) => {
      const action = asText(value, 'execute-action');
      if (action !== 'definition') {
        throw invalidValue('execute-action', value);
      }
      return action;
    },
  };
}

/** `none` is shown up to 12.1 only. */
function deviceGroup(): Field {
  return {
    ...reference('deviceGroup', { target: 'cm/device-group' }, { default: 'none' }),
    print: (value, { version }) => (value === 'none' && atLeast(version, '13.0') ? undefined : value),
  };
}

function ensureFolder(draft: Draft, session: Session): void {
  const path = folderOf(draft.identity);
  if (session.store.get(folderKind, path) === undefined) {
    const { name, partition = 'Common', subPath } = splitFullPath(path);
    const values = Object.fromEntries(
      ['deviceGroup', 'inheritedDevicegroup', 'inheritedTrafficGroup', 'trafficGroup'].map((key) => [
        key,
        draft.values[key],
      ]),
    );
    session.requireFolder(path.slice(0, path.lastIndexOf('/')));
    session.createAlong(folderKind, identityOf(partition, subPath, name), values);
  }
}

function prepare(draft: Draft, session: Session): void {
  refuseInTransaction('application service', draft, session);
  const { values, before } = draft;
  values['template'] ??= before?.values['template'];
  if (values['template'] === undefined) {
    throw grammarError('"template" must be specified for application service');
  }
  const asked = values['executeAction'] ?? values['execute-action'];
  values['execute-action'] = undefined;
  values['executeAction'] = undefined;
  if (before === undefined) {
    ensureFolder(draft, session);
  }
  const isNew = before === undefined || asked !== undefined;
  if (isNew && !session.loading && session.application?.service !== draft.identity.fullPath) {
    values['executeAction'] = 'definition';
  }
}

/** Whether the template runs something else than it did for this service. */
function templateModified(): Field {
  return {
    ...readOnly('templateModified', 'no'),
    print: (_value, { device }, service) => {
      const ran = textOf(service, 'ranScript');
      return ran === undefined || ran === scriptMark(textOf(service, 'template') ?? '', device.store) ? 'no' : 'yes';
    },
  };
}

/** Runs the template when that was asked for; a script may change its own service without running again. */
function stored(service: ConfigObject, session: Session): void {
  if (service.values['executeAction'] === undefined) {
    return;
  }
  const ranScript = scriptMark(textOf(service, 'template') ?? '', session.store);
  session.device.runTemplate?.(session.change(service, { executeAction: undefined, ranScript }), session);
}

/** Everything in the folder of a service but folders and the service itself. */
function insideFolder(service: ConfigObject, session: Session): readonly ConfigObject[] {
  const inside = `${folderOf(service)}/`;
  const { kinds } = session.device;
  return kinds.all
    .filter((kind) => !kinds.parents.has(kind.path) && kind.path !== service.kind.path && kind.path !== folderKind.path)
    .flatMap((kind) => Array.from(session.store.collection(kind).list(service.partition)))
    .filter(({ fullPath }) => fullPath.startsWith(inside));
}

/** Takes out what belongs to a service, by its mark or its place, and the folder. */
function dropBelongings(service: ConfigObject, session: Session): void {
  const marked = session.store.find('ref:sys/application/service', service.fullPath);
  removeOwned([...marked, ...insideFolder(service, session)], session);
  const path = folderOf(service);
  for (const folder of Array.from(session.store.collection(folderKind).list())) {
    if (folder.fullPath === path || folder.fullPath.startsWith(`${path}/`)) {
      session.drop(folder);
    }
  }
}

/**
 * iApps at work (fact sheet 8.15): the template's script makes objects in the service's folder and marks them; what a
 * later run does not make again goes.
 */
export const serviceKind = defineKind({
  path: 'sys/application/service',
  type: 'application service',
  ownFolder: true,
  fields: [
    text('description'),
    deviceGroup(),
    executeAction('executeAction'),
    executeAction('execute-action'),
    word('inheritedDevicegroup', ['true', 'false']),
    word('inheritedTrafficGroup', ['true', 'false']),
    toggle('strictUpdates', 'enabled'),
    reference('template', { target: 'sys/application/template' }),
    templateModified(),
    readOnly('templatePrerequisiteErrors', undefined),
    reference('trafficGroup', { target: 'cm/traffic-group' }, { default: '/Common/traffic-group-1' }),
    ...inputFields,
    metadata(),
  ],
  hooks: {
    identify: identifyService,
    prepare,
    stored: (service, _before, session) => stored(service, session),
    beforeDelete: dropBelongings,
    decorate: (rendered, service, { device }) => {
      const template = device.store.lookup('sys/application/template', textOf(service, 'template') ?? '');
      const errors = template === undefined ? undefined : prerequisiteErrors(template, device);
      return errors === undefined ? rendered : { ...rendered, templatePrerequisiteErrors: errors };
    },
  },
});
