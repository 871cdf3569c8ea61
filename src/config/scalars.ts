import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { parseAddress } from '../ir/address.ts';
import { DURATION_PATTERN, parseDuration } from './duration.ts';

/** A duration in the file, milliseconds in the program. */
export const duration = z
  .string()
  .regex(DURATION_PATTERN)
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ id: 'duration', description: 'a duration such as 500ms, 30s, 5m or 1h' });

/** A name that stands in keys and marks: lower case, digits, dashes. */
export const identifier = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  .meta({ id: 'identifier', description: 'lower-case letters, digits and dashes (at most 63), as in east-1' });

/** A full path on the device: `/Common/tcp`. */
export const fullPath = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.~-][^/\s]*){2,}$/)
  .meta({ id: 'fullPath', description: 'the full path of an object on the device, such as /Common/tcp' });

/** A path of the file system, relative to the config file, `~/` for the home directory. */
export const filePath = z
  .string()
  .min(1)
  .meta({ id: 'filePath', description: 'a path, relative to the config file; ~/ is the home directory' });

/** A network (`10.1.10.0/24`), a range (`10.1.11.5-10.1.11.9`) or one address. */
export const addressRange = z.string().refine(isAddressRange, { error: 'address range' }).meta({
  id: 'addressRange',
  description: 'a network (10.1.10.0/24, 2001:db8::/120), a range (10.1.11.5-10.1.11.9) or one address',
});

/** One IP address without route domain. */
export const ipAddress = z
  .string()
  .refine((text) => parseAddress(text) !== undefined && !text.includes('%'), { error: 'IP address' })
  .meta({ id: 'ipAddress', description: 'an IPv4 or IPv6 address' });

/** An address of each family at most, with a comma between them. */
export const listenAddresses = z.string().refine(isListenAddresses, { error: 'addresses' }).meta({
  id: 'listenAddresses',
  description: 'an IP address, or an IPv4 and an IPv6 address with a comma between them',
});

function isListenAddresses(text: string): boolean {
  const families = text.split(',').map((part) => parseAddress(part.trim())?.ip.includes(':'));
  return !families.includes(undefined) && new Set(families).size === families.length;
}

/** The address of a device. Credentials do not belong here, so a URL with some is refused (and never repeated). */
export const deviceUrl = z.string().refine(isDeviceUrl, { error: 'device URL' }).meta({
  id: 'deviceUrl',
  format: 'uri',
  description: 'the URL of the device, https://ADDRESS[:PORT], without user, password and path',
});

function isAddressRange(text: string): boolean {
  if (text.includes('/')) return ipaddr.isValidCIDR(text) && parseAddress(text.split('/')[0] ?? '') !== undefined;
  const [from, to, ...rest] = text.split('-').map(parseAddress);
  if (from === undefined || rest.length > 0) return false;
  if (!text.includes('-')) return true;
  return to !== undefined && isOrdered(from.ip, to.ip);
}

function isOrdered(from: string, to: string): boolean {
  const [low, high] = [ipaddr.parse(from).toByteArray(), ipaddr.parse(to).toByteArray()];
  return low.length === high.length && Buffer.compare(Buffer.from(low), Buffer.from(high)) <= 0;
}

/** http is for an emulator on this machine; a device is reached by https alone, the password must not travel in clear. */
function isDeviceUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const local = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  const scheme = url.protocol === 'https:' || (url.protocol === 'http:' && local);
  return scheme && url.username === '' && url.password === '' && url.pathname === '/' && url.search + url.hash === '';
}
