import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const here = import.meta.dirname;
const PROGRESS_EVERY_MS = 10_000;

/**
 * Where the binary for the present sources and this platform stands, whether it is built or not. The sources decide
 * the name, so that all clones on a machine share one build.
 */
export function binaryPath(): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const name of sources()) hash.update(`${name}\n`).update(readFileSync(path.join(here, name)));
  return path.join(cacheFolder(), `cluster-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * Builds the binary unless it is there, and gives its path. `report` gets one line at a time about what goes on.
 * Throws with what to do if Go is missing or too old, or with the compiler's words if the build fails.
 */
export async function buildCluster(report: (line: string) => void): Promise<string> {
  const target = binaryPath();
  if (existsSync(target)) {
    report(`already built: ${target}`);
    return target;
  }
  requireGo();
  mkdirSync(path.dirname(target), { recursive: true });
  report('building etcd, kube-apiserver and kube-controller-manager; on two cores this takes about five minutes, once');
  const unfinished = `${target}.${process.pid}`;
  await compile(unfinished, report);
  renameSync(unfinished, target);
  report(`built: ${target}`);
  return target;
}

function sources(): readonly string[] {
  return readdirSync(here)
    .filter((name) => name === 'go.mod' || name === 'go.sum' || name.endsWith('.go'))
    .sort();
}

function cacheFolder(): string {
  const { FAIRLEAD_CACHE, XDG_CACHE_HOME } = process.env;
  if (FAIRLEAD_CACHE) return FAIRLEAD_CACHE;
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'fairlead');
}

function fromGoMod(pattern: RegExp): string {
  const found = pattern.exec(readFileSync(path.join(here, 'go.mod'), 'utf8'))?.[1];
  if (found === undefined) throw new Error(`go.mod of test/cluster: found nothing like ${pattern}`);
  return found;
}

/** Go may fetch a newer tool chain by itself (GOTOOLCHAIN); what counts is the one that it uses in this folder. */
function requireGo(): void {
  const needed = fromGoMod(/^go (\d+\.\d+)/m);
  const advice = `The cluster lane needs Go ${needed} or newer: install it from https://go.dev/dl/ and put its bin folder into PATH`;
  const answer = spawnSync('go', ['env', 'GOVERSION'], { cwd: here, encoding: 'utf8' });
  if (answer.error !== undefined) throw new Error(`${advice} (found no "go": ${answer.error.message}).`);
  if (answer.status !== 0) throw new Error(`${advice} (go says: ${answer.stderr.trim()}).`);
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(answer.stdout) ?? []).map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new Error(`${advice} (found ${answer.stdout.trim()}).`);
}

/** Clients read the version that the API server reports, so it is stamped as the release build does. */
function linkerFlags(): string {
  const version = fromGoMod(/^\s*(?:require )?k8s\.io\/kubernetes (v\S+)$/m);
  const [major = '', minor = ''] = version.slice(1).split('.');
  const stamps = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
    `-X ${name}.gitVersion=${version}`,
    `-X ${name}.gitMajor=${major}`,
    `-X ${name}.gitMinor=${minor}`,
  ]);
  return ['-s', '-w', ...stamps].join(' ');
}

async function compile(output: string, report: (line: string) => void): Promise<void> {
  const args = ['build', '-v', '-trimpath', `-ldflags=${linkerFlags()}`, '-o', output, '.'];
  const go = spawn('go', args, {
    cwd: here,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const started = performance.now();
  const problems: string[] = [];
  let packages = 0;
  let downloads = 0;
  createInterface({ input: go.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading ')) downloads += 1;
    // With -v, a line that is one word is the name of a package that was compiled.
    else if (/^[\w./-]+$/.test(line)) packages += 1;
    else problems.push(line);
  });
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000);
    report(
      `${seconds} s: ${downloads} modules downloaded, ${packages} packages compiled (about 2,400 if nothing is cached)`,
    );
  }, PROGRESS_EVERY_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => go.on('error', reject).on('close', resolve));
    if (code !== 0) throw new Error(['go build failed:', ...problems].join('\n'));
  } finally {
    clearInterval(progress);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildCluster((line) => process.stdout.write(`cluster: ${line}\n`));
  } catch (error) {
    process.stderr.write(`cluster: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
