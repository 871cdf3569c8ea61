import { DeviceError, grammarError } from './device-error.ts';

const tag = /<[a-z!\/][^<>]*>/iv;

/**
 * An error of `/mgmt/tm` whose words hold something like an HTML tag: icrd puts other words in their place (recorded on
 * 12.1; that it is the words of errors that are looked at is told by a client of F5, which works around it). Bodies that are
 * accepted are not looked at: iRules with HTML are common.
 */
export function withoutTags(error: unknown): unknown {
  const isTagged =
    error instanceof DeviceError &&
    typeof error.body === 'object' &&
    'apiError' in error.body &&
    tag.test(error.message);
  return isTagged && error.status < 500 ? grammarError('HTML Tag-like Content in the Request URL/Body') : error;
}
