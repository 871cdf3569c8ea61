import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.ts';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';
import { startEmulator } from '../../src/emulator/index.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const PASSWORD = 'json-test';

let folder: string;
let emulator: Emulator;
let page: string;

beforeAll(async () => {
  page = await readFile(join(DOCS, 'json.md'), 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'fairlead-json-'));
  emulator = await startEmulator({ tls: 'self-signed', users: [{ name: 'admin', password: PASSWORD }] });
  await writeFile(join(folder, 'ca.pem'), emulator.certificate ?? '');
  await writeFile(join(folder, 'password'), PASSWORD);
  await writeFile(
    join(folder, 'fairlead.yaml'),
    `instance: docs
sources: [{ name: lab, kubernetes: { manifests: ./cluster } }]
targets:
  - name: emulator
    bigip: { url: "${emulator.url}", username: admin, password: { file: password }, tls: { caFile: ca.pem } }
  - name: locked
    bigip: { url: "${emulator.url}", username: admin, password: { env: NOT_SET }, tls: { caFile: ca.pem }, partition: b }
`,
  );
  await mkdir(join(folder, 'cluster'));
  await writeFile(
    join(folder, 'cluster/a.yaml'),
    service('good', '10.1.10.50') + service('bad', '10.1.10.51', '/Common/none'),
  );
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

function service(name: string, address: string, profile = '/Common/tcp'): string {
  return `---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: default
  annotations: { fairlead.io/address: ${address}, fairlead.io/profiles: ${profile}, fairlead.io/typo: x }
spec: { ports: [{ port: 80 }] }
`;
}

async function documents(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const io = fakeIo();
  await runCli([...args, '-c', join(folder, 'fairlead.yaml'), '-o', 'json'], { io, makeLanes });
  const texts = args[0] === 'run' ? io.out().trim().split('\n') : [io.out()];
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

it.each([
  ['fairlead.get/v1', ['get'], 'annotation-unknown'],
  ['fairlead.check/v1', ['check'], 'NOT_SET'],
  ['fairlead.plan/v1', ['plan', '--show', 'rest'], '"failed":[{'],
  ['fairlead.apply/v1', ['apply', '--yes'], '"blame"'],
  ['fairlead.event/v1', ['run', '--once'], '"applied"'],
  ['fairlead.diagnostics/v1', ['plan'], 'config-invalid'],
])('docs/json.md has every field of %s that the verb prints', async (format, args, holds) => {
  if (format === 'fairlead.diagnostics/v1') await writeFile(join(folder, 'fairlead.yaml'), 'instance: A\n');
  const printed = await documents(...args);
  // Else an empty list would be compared with its description.
  expect(JSON.stringify(printed)).toContain(holds);
  const [known, open] = [fieldsOf(format), fieldsOf('fairlead.diagnostics/v1')];
  for (const document of printed) {
    expect(document['format']).toBe(format);
    const { format: _, ...rest } = document;
    const unknown = pathsOf(rest, '').filter((path) => !isKnown(path, known, open));
    expect(unknown).toEqual([]);
  }
});

it('what is printed has what makes the comparison worth something', async () => {
  const all = fieldsOf('fairlead.plan/v1');
  expect(all.size).toBeGreaterThan(30);
  expect(isKnown('plans[].colour', all, fieldsOf('fairlead.diagnostics/v1'))).toBe(false);
});

/** The fields in the table of one section. */
function fieldsOf(format: string): ReadonlySet<string> {
  const section = page.split(`\n## ${format}\n`)[1]?.split('\n## ')[0] ?? '';
  return new Set([...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? ''));
}

/** Fields that hold another thing whole: its own fields are told elsewhere, or are those of objects on the device. */
const WHOLE = ['].from', '].to', 'contributions[].objects', 'objects[].object', '].value', 'plan.summary', 'applied'];

function isKnown(path: string, known: ReadonlySet<string>, problem: ReadonlySet<string>): boolean {
  const inProblem = /^(?:.*[.\]])?diagnostics?(?:\[\])?\.(\w+)$/.exec(path)?.[1];
  if (inProblem !== undefined) return problem.has(`diagnostics[].${inProblem}`);
  return known.has(path) || WHOLE.some((whole) => path.includes(`${whole}.`) || path.includes(`${whole}[`));
}

/** Every path that holds something: `plans[].units[].id`. */
function pathsOf(value: unknown, at: string): readonly string[] {
  if (Array.isArray(value)) return [...new Set([at, ...value.flatMap((item) => below(item, `${at}[]`))])];
  return below(value, at);
}

function below(value: unknown, at: string): readonly string[] {
  if (Array.isArray(value)) return pathsOf(value, at);
  if (typeof value !== 'object' || value === null) return at.endsWith('[]') ? [] : [at];
  return Object.entries(value).flatMap(([key, child]) => pathsOf(child, at === '' ? key : `${at}.${key}`));
}
