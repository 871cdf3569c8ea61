import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { aptInstall } from '../support/apt.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why network namespaces cannot be made; undefined when they can. */
    readonly noNamespaces: string | undefined;
    /** Why there is no BGP daemon; undefined when there is one. */
    readonly noBird: string | undefined;
    /** What the names of the namespaces of this run start with. */
    readonly prefix: string;
  }
}

function has(program: string): boolean {
  return spawnSync(program, ['-V'], { stdio: 'ignore' }).status === 0;
}

/** Debian's package. Gives why it did not work. */
function install(): string | undefined {
  return aptInstall('iproute2') ?? (has('ip') ? undefined : 'ip (iproute2) is not on the PATH');
}

function hasBird(): boolean {
  return spawnSync('bird', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** BIRD 2, the BGP daemon that Calico has on its nodes. Gives why it did not work, and says so. */
function installBird(): string | undefined {
  const problem = aptInstall('bird2') ?? (hasBird() ? undefined : 'bird (bird2) is not on the PATH');
  if (problem !== undefined) process.stdout.write(`The tests with BGP are skipped: ${problem}.\n`);
  return problem;
}

/** Makes a namespace with the devices that the tests need, and takes it away. */
function tryOut(prefix: string): string | undefined {
  const name = `${prefix}try`;
  const ip = (...args: readonly string[]): string | undefined => {
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
    return status === 0 ? undefined : `ip ${args.join(' ')}: ${stderr.trim()}`;
  };
  const made = ip('netns', 'add', name);
  if (made !== undefined) return made;
  try {
    return (
      ip('-n', name, 'link', 'add', 'name', 'fltry0', 'type', 'vxlan', 'id', '1', 'dstport', '8472') ??
      ip('-n', name, 'link', 'add', 'name', 'fltry1', 'type', 'bridge')
    );
  } finally {
    ip('netns', 'del', name);
  }
}

function problem(prefix: string): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  return (has('ip') ? undefined : install()) ?? tryOut(prefix);
}

/** Removes namespaces by the start of their names: what a run that was killed left behind. */
function sweep(prefix: string): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  const names = stdout.split('\n').map((line) => line.split(' ', 1)[0] ?? '');
  for (const name of names.filter((each) => each.startsWith(prefix))) spawnSync('ip', ['netns', 'del', name]);
}

/** Looks whether network namespaces can be made here, and says so when the tests are skipped. */
export function setup({ provide }: TestProject): (() => void) | undefined {
  const prefix = `fl${process.pid}-`;
  const noNamespaces = problem(prefix);
  provide('noNamespaces', noNamespaces);
  provide('prefix', prefix);
  provide('noBird', noNamespaces ?? (hasBird() ? undefined : installBird()));
  if (noNamespaces === undefined) return () => sweep(prefix);
  process.stdout.write(`The tests in network namespaces are skipped: ${noNamespaces}.\n`);
  return undefined;
}
