import { execFileSync, spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of Chromium; undefined when there is none. */
    readonly chromium: string | undefined;
  }
}

/** Names that distributions give it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function find(): string | undefined {
  const found = NAMES.map((name) => spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }));
  return found.find(({ status }) => status === 0)?.stdout.trim();
}

/** Debian's package; needs root. Gives why it did not work. */
function install(): string | undefined {
  if (process.getuid?.() !== 0) return 'it is not there, and only root may install it';
  const apt = (...args: readonly string[]): void => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['-q', '-y', ...args], { stdio: 'ignore', env, timeout: 600_000 });
  };
  try {
    apt('update');
    apt('install', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
    return undefined;
  } catch (error) {
    return `it is not there, and apt-get did not install it (${String(error).split('\n', 1)[0]})`;
  }
}

/** Finds Chromium for the tests of this lane, and installs it where that is possible; says so when they are skipped. */
export function setup({ provide }: TestProject): void {
  const problem = find() === undefined ? install() : undefined;
  const chromium = find();
  if (chromium === undefined)
    process.stdout.write(`The tests in a browser are skipped: no Chromium: ${problem ?? 'it is not on the PATH'}.\n`);
  provide('chromium', chromium);
}
