/** A name in a rule as full path: that of an object in the rule's own partition, or in `/Common`, as it exists. */
export function resolveName(name: string, rule: string, exists: (path: string) => boolean): string {
  if (name.startsWith('/')) {
    return name;
  }
  const own = `${rule.slice(0, rule.indexOf('/', 1))}/${name}`;
  return exists(own) ? own : `/Common/${name}`;
}
