import { DeviceError, grammarError } from './device-error.ts';

const tag = /<[a-z!\/][^<>]*>/iv;

/** Errors that name things: of mcpd, and of what looks up names and values. Those of scripts say what the script says. */
const naming = /^(?:[0-9a-f]{8}:\d: |Object not found|Unrecognized path element|invalid property value)/v;

/**
 * An error of `/mgmt/tm` whose words hold something like an HTML tag: icrd puts other words in their place (recorded on
 * 12.1; that it is the words of errors that are looked at is told by a client of F5, which works around it). Bodies that are
 * accepted are not looked at: iRules with HTML are common.
 */
export function withoutTags(error: unknown): unknown {
  const isTagged = error instanceof DeviceError && naming.test(error.message) && tag.test(error.message);
  return isTagged && error.status < 500 ? grammarError('HTML Tag-like Content in the Request URL/Body') : error;
}
