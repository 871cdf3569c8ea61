/** `<URI>` and what follows it, up to the comma before the next one. */
const LINK = /<([^>]*)>((?:[^,"]|"(?:[^"\\]|\\.)*")*)/g;

/** The target of `rel=next` in Link headers (RFC 8288), as it stands there; undefined: there is none. */
export function nextLink(header: string | readonly string[] | undefined): string | undefined {
  for (const [, target = '', parameters = ''] of [header ?? []].flat().join(', ').matchAll(LINK)) {
    const [, quoted, token] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(parameters) ?? [];
    const relations = (quoted ?? token ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next')) return target;
  }
  return undefined;
}
