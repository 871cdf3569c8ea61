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

/** The hosts of a list with commas between them, each once; undefined: there is none, or one is no host. */
export function parseHosts(text: string): readonly string[] | undefined {
  const hosts = partsOf(text).map(parseHost);
  const valid = hosts.filter((host) => host !== undefined);
  return valid.length === hosts.length && valid.length > 0 ? [...new Set(valid)] : undefined;
}

/** What is wrong with the first of such a list that is no host; undefined: nothing, or that is plain to see. */
export function wrongHost(text: string): string | undefined {
  const parts = partsOf(text);
  const found = parts.find((part) => parseHost(part) === undefined);
  if (found === undefined) return undefined;
  const ascii = URL.canParse(`http://${found}`) ? parseHost(new URL(`http://${found}`).hostname) : undefined;
  const hint = ascii === undefined || !/[^\p{ASCII}]/u.test(found) ? '' : ` (in DNS it is written ${ascii})`;
  return parts.length === 1 && hint === '' ? undefined : `${JSON.stringify(found)} is no host${hint}`;
}

// Lists that templates make end in a comma.
function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Whether a host is in one of the zones: the zone's own name, or below it. */
export function isInZones(host: string, zones: readonly string[] | undefined): boolean {
  return zones === undefined || zones.some((zone) => host === zone || host.endsWith(`.${zone}`));
}
