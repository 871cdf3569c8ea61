import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const here = import.meta.dirname;

/** Where clients are installed, once for all clones on this machine. */
function cacheFolder(): string {
  const { FAIRLEAD_CACHE, XDG_CACHE_HOME } = process.env;
  return path.join(
    FAIRLEAD_CACHE || path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'fairlead'),
    'clients',
  );
}

/** A folder of the cache whose name is decided by the content of files. */
export function cachedFolder(name: string, files: readonly string[]): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of files) hash.update(readFileSync(file));
  return path.join(cacheFolder(), `${name}-${hash.digest('hex').slice(0, 16)}`);
}

/** Runs a program to its end. Throws with what it printed if it fails or is not there. */
export async function runToEnd(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${said.join('')}`);
}

/**
 * A folder that is made once: `make` gets its place and, should it throw, nothing stays behind. `ready` is written last,
 * so that a folder that was interrupted is made anew. Programs know the path of a venv, so it is made in place.
 */
export async function madeOnce(folder: string, make: () => Promise<void>): Promise<string> {
  const ready = path.join(folder, '.ready');
  if (existsSync(ready)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    await make();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  writeFileSync(ready, '');
  return folder;
}

/** A venv belongs to one release of Python: another one makes its own. */
function venvOf(requirements: string): string {
  const { stdout, error } = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`The clients lane needs Python 3.9 or newer with venv (${error.message}).`);
  return `${cachedFolder('python', [requirements])}-${stdout.trim().replace('Python ', '')}`;
}

/** The interpreter of the venv for a file of requirements, which must name every package. */
export function pythonOf(requirements: string): string {
  return path.join(venvOf(requirements), 'bin', 'python');
}

/** Makes the venv for a file of requirements unless it is there; gives its interpreter. Needs Python 3.9 or newer with venv. */
export async function buildPython(requirements: string): Promise<string> {
  const folder = venvOf(requirements);
  await madeOnce(folder, async () => {
    await runToEnd('python3', ['-m', 'venv', folder], here);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements];
    await runToEnd(path.join(folder, 'bin', 'python'), pip, here);
  });
  return pythonOf(requirements);
}

const manifests = ['package.json', 'package-lock.json'].map((name) => path.join(here, 'npm', name));

/** The folder whose `node_modules` hold the clients from npm. */
export function npmFolder(): string {
  return cachedFolder('npm', manifests);
}

async function buildNpm(): Promise<void> {
  const folder = npmFolder();
  await madeOnce(folder, async () => {
    for (const file of manifests) cpSync(file, path.join(folder, path.basename(file)));
    await runToEnd('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
  });
}

/** The venv of the clients from PyPI that share one. */
export const requirements = path.join(here, 'requirements.txt');

async function build(): Promise<void> {
  await Promise.all([buildPython(requirements), buildNpm()]);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build();
    process.stdout.write(`clients: installed in ${cacheFolder()}\n`);
  } catch (error) {
    process.stderr.write(`clients: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
