/** Privileges of MariaDB and MySQL that change nothing that stays. */
const HARMLESS: ReadonlySet<string> = new Set([
  'USAGE',
  'SELECT',
  'SHOW VIEW',
  'SHOW DATABASES',
  'PROCESS',
  'EXECUTE',
  'LOCK TABLES',
  'CREATE TEMPORARY TABLES',
  'REPLICATION CLIENT',
  'BINLOG MONITOR',
  'SLAVE MONITOR',
]);

const SHOWN = 6;

/**
 * What the lines of SHOW GRANTS allow beside reading: `INSERT, DELETE on inventory.*`. A line may hold the hash of a password
 * behind the user: nothing from there on is given. Roles that are granted, and not in use, are not looked into.
 */
export function foreignRights(grants: readonly string[]): readonly string[] {
  return grants.flatMap((line) => {
    const [, list = '', object = ''] = /^GRANT (.+?) ON (?:TABLE )?(\S+) TO /i.exec(line) ?? [];
    // Columns of a privilege stand in brackets: SELECT (a, b).
    const names = list.replaceAll(/\s*\([^)]*\)/g, '').split(/\s*,\s*/);
    const writing = names.filter((name) => name !== '' && !HARMLESS.has(name.toUpperCase()));
    if (writing.length === 0) return [];
    const more = writing.length > SHOWN ? ', …' : '';
    return [`${writing.slice(0, SHOWN).join(', ')}${more} on ${object.replaceAll('`', '')}`];
  });
}
