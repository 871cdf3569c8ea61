import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { aptInstall } from '../support/apt.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there is no etcd with the v2 API; undefined: there is. */
    readonly noEtcd: string | undefined;
  }
}

/** The v2 API is gone in 3.6. */
function problem(): string | undefined {
  const { status, stdout } = spawnSync('etcd', ['--version'], { encoding: 'utf8' });
  if (status !== 0) return 'there is no etcd on the PATH';
  return /etcd Version: 3\.[45]\./.test(stdout) ? undefined : `etcd is not 3.4 or 3.5: ${stdout.split('\n', 1)[0]}`;
}

/** Looks for Debian's etcd-server, installs it if it is missing, and says so when the tests are skipped. */
export function setup({ provide }: TestProject): void {
  const missing = problem();
  const noEtcd = missing === undefined ? undefined : (aptInstall('etcd-server') ?? problem());
  provide('noEtcd', noEtcd);
  if (noEtcd !== undefined) process.stdout.write(`The tests with etcd are skipped: ${noEtcd}.\n`);
}
