const HOST_MAX = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What a host looks like, for messages. */
export const HOST_FORM = 'a DNS name of at least two labels (a-z, 0-9 and -), of which the first may be *';

/**
 * A host in the form in which it is compared: lower case, without the dot at the end. Undefined: it is no name that a wide
 * IP can have. `*.example.com` is one: on the device the star stands for any number of labels.
 */
export function parseHost(text: string): string | undefined {
  const host = text.trim().toLowerCase().replace(/\.$/, '');
  const labels = host.split('.');
  const [first = '', ...others] = labels;
  if (host.length > HOST_MAX || others.length === 0) return undefined;
  if (first !== '*' && !LABEL.test(first)) return undefined;
  // A name that ends in a number would be taken for an address.
  return others.every((label) => LABEL.test(label)) && !/^\d+$/.test(others.at(-1) ?? '') ? host : undefined;
}

/** Whether a host is in one of the zones: the zone's own name, or below it. */
export function isInZones(host: string, zones: readonly string[] | undefined): boolean {
  return zones === undefined || zones.some((zone) => host === zone || host.endsWith(`.${zone}`));
}
