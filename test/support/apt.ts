import { execFileSync } from 'node:child_process';

/**
 * Installs packages of Debian for a lane that needs them.
 * @returns why it did not work; undefined: they are there.
 */
export function aptInstall(...packages: readonly string[]): string | undefined {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: 'ignore', env, timeout: 300_000 } as const;
  try {
    execFileSync('apt-get', ['-q', 'update'], options);
    execFileSync('apt-get', ['-q', '-y', 'install', '--no-install-recommends', ...packages], options);
    return undefined;
  } catch (error) {
    return `apt-get did not install ${packages.join(' ')} (${String(error).split('\n', 1)[0]})`;
  }
}
