import type { TestProject } from 'vitest/node';
import { aptInstall } from '../support/apt.ts';
import { missingMariadb } from './mariadb.ts';
import { missingPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there is no server of this kind; undefined: there is. */
    readonly noMariadb: string | undefined;
    readonly noPostgres: string | undefined;
  }
}

/** Looks for Debian's servers, installs what is missing, and says so when tests are skipped. */
export function setup({ provide }: TestProject): void {
  const noMariadb = wanted(missingMariadb, 'mariadb-server-core', 'mariadb-client-core');
  const noPostgres = wanted(missingPostgres, 'postgresql');
  provide('noMariadb', noMariadb);
  provide('noPostgres', noPostgres);
  for (const [name, reason] of Object.entries({ MariaDB: noMariadb, PostgreSQL: noPostgres })) {
    if (reason !== undefined) process.stdout.write(`The tests with ${name} are skipped: ${reason}.\n`);
  }
}

function wanted(missing: () => string | undefined, ...packages: readonly string[]): string | undefined {
  return missing() === undefined ? undefined : (aptInstall(...packages) ?? missing());
}
