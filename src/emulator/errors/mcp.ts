import { grammarError, mcpError, type DeviceError } from './device-error.ts';

/** `01020036`, HTTP 404: an object that is asked for, or pointed at, is not there. */
export function notFound(type: string, path: string): DeviceError {
  return mcpError(`01020036:3: The requested ${type} (${path}) was not found.`, 404);
}

/** `01020066`, HTTP 409: the name is taken. */
export function alreadyExists(type: string, path: string, partition: string): DeviceError {
  return mcpError(`01020066:3: The requested ${type} (${path}) already exists in partition ${partition}.`, 409);
}

/** `01070265`: a delete of something that is pointed at. */
export function inUse(
  target: { readonly type: string; readonly path: string },
  by: { readonly type: string; readonly path: string },
): DeviceError {
  return mcpError(
    `01070265:3: The ${target.type} (${target.path}) cannot be deleted because it is in use by a ${by.type} (${by.path}).`,
  );
}

/** `01070734`: mcpd's general configuration error. */
export function configurationError(text: string): DeviceError {
  return mcpError(`01070734:3: Configuration error: ${text}`);
}

/** Grammar: a value that the property does not take. Wording from public threads; not in the recordings (K). */
export function invalidValue(property: string, value: unknown): DeviceError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return grammarError(`invalid property value "${property}":"${shown}"`);
}

/** Grammar: a property that the kind does not have. Wording of tmsh; not in the recordings (K). */
export function unknownProperty(property: string): DeviceError {
  return grammarError(`"${property}" unknown property`);
}

/** Grammar: a property that can be given at creation only. */
export function notModifiable(property: string): DeviceError {
  return grammarError(
    `"${property}" may not be specified in the context of the "modify" command. "${property}" may be specified using the following commands: create, list, show`,
  );
}

/** Grammar: both halves of an exclusive pair. */
export function exclusive(one: string, other: string): DeviceError {
  return grammarError(`"${one}" may not be specified with "${other}"`);
}

/** Grammar: a body with nothing in it. */
export function nothingSpecified(): DeviceError {
  return grammarError('one or more properties must be specified');
}

/** Grammar: a create without a usable name. */
export function identifierMissing(): DeviceError {
  return grammarError('one or more configuration identifiers must be provided');
}

/** Grammar: a partition or folder that is not there (HTTP 400, not 404). */
export function folderMissing(folder: string): DeviceError {
  return grammarError(`The requested folder (${folder}) was not found.`);
}

/** `01070712`: a policy on a virtual server that is not there. */
export function policyMissing(virtual: string, policy: string): DeviceError {
  return mcpError(
    `01070712:3: Values (${policy}) specified for virtual server policy (${virtual} ${policy}): foreign key index (policy_FK) do not point at an item that exists in the database.`,
  );
}

/** How `01070726` calls things, where that is not their type in lower case. */
const shortNames: Readonly<Record<string, string>> = { iRule: 'rule' };

/**
 * `01070726`: an object points at one of another partition, and that is not `/Common`. Recorded for a virtual server and
 * its iRules; the words for others follow from that (K).
 */
export function otherPartition(
  owner: { readonly type: string; readonly path: string },
  target: { readonly type: string; readonly path: string },
): DeviceError {
  const plural = `${shortNames[target.type] ?? target.type.toLowerCase()}s`
    .replace(/ys$/v, 'ies')
    .replace(/sss$/v, 'sses');
  const who = owner.type.toLowerCase();
  const article = /^[aeiou]/v.test(who) ? 'An' : 'A';
  return mcpError(
    `01070726:3: ${article} ${who} may only reference ${plural} in the same partition or the common partition (${owner.path}:${target.path})`,
  );
}
