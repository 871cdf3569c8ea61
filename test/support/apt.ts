import { spawnSync } from 'node:child_process';

/**
 * Installs packages of Debian for a lane that needs them.
 * @returns why it did not work, in the words of apt; undefined: they are there.
 */
export function aptInstall(...packages: readonly string[]): string | undefined {
  const install = ['install', '--yes', '--no-install-recommends', ...packages];
  // Lists that are a little old are good enough: one repository that is away must not keep the others from being used.
  const update = apt('update');
  const problem = apt(...install);
  if (problem === undefined) return undefined;
  const root = process.getuid?.() === 0 ? '' : ' (it needs root: install them by hand)';
  const before = update === undefined ? '' : `; its update before: ${update}`;
  return `apt-get ${install.join(' ')}${root}: ${problem}${before}`;
}

/** Why it did not work; undefined: it did. */
function apt(...args: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const { status, stderr, error } = spawnSync('apt-get', ['-q', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (error !== undefined) return error.message;
  if (status === 0) return undefined;
  const errors = stderr.split('\n').filter((line) => line.startsWith('E: '));
  return errors.join(' ').slice(0, 500) || `exit ${status}`;
}
