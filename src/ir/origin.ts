/**
 * What a person wrote, as a key: `<source>:<kind>/<id>`, for example `east:Service/default/web` or
 * `sheet:Row/vips.csv#14`. It stands in marks on the device, so its form never changes.
 */
export type OriginKey = string;

/** Builds an origin key. The source name must not hold a colon; the kind must not hold a slash. */
export function originKey(source: string, kind: string, id: string): OriginKey {
  return `${source}:${kind}/${id}`;
}

/** The parts of an origin key. A text that is no key comes back as an unknown kind with the text as id. */
export function parseOrigin(key: OriginKey): { readonly source: string; readonly kind: string; readonly id: string } {
  const colon = key.indexOf(':');
  const slash = key.indexOf('/', colon + 1);
  if (colon <= 0 || slash < 0) return { source: '', kind: '', id: key };
  return { source: key.slice(0, colon), kind: key.slice(colon + 1, slash), id: key.slice(slash + 1) };
}

/** For people: `Service default/web (cluster east)`. */
export function describeOrigin(key: OriginKey): string {
  const { source, kind, id } = parseOrigin(key);
  return kind === '' ? id : `${kind} ${id} (${source})`;
}
