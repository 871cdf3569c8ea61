import { describe, expect, it } from 'vitest';

import { parseChunk, splitDocuments } from './parse.ts';
import type { Manifest } from './parse.ts';

/** All documents of a file, as the reader puts them together. */
function parseManifest(file: string, text: string): Manifest {
  const parts = splitDocuments(text.replace(/^\uFEFF/, '')).map((chunk) => parseChunk(file, chunk));
  const problem = parts.find((part) => part.problem !== undefined)?.problem;
  const objects = parts.flatMap((part) => part.objects);
  return problem === undefined ? { objects } : { objects, problem };
}

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 80
    targetPort: http
`;

describe('a manifest', () => {
  it('is YAML of several documents, empty ones among them, with a BOM and CRLF', () => {
    const text = `\uFEFF---\n${SERVICE}---\n# nothing\n---\n${SERVICE.replace('web', 'api')}`.replaceAll('\n', '\r\n');
    const { objects, problem } = parseManifest('a.yaml', text);
    expect(problem).toBeUndefined();
    expect(objects.map(({ object }) => object)).toMatchObject([
      { metadata: { name: 'web' } },
      { metadata: { name: 'api' } },
    ]);
  });

  it('may be a List, or a list of a kind whose items do not say what they are', () => {
    const list = (kind: string, item: object) => JSON.stringify({ apiVersion: 'v1', kind, items: [item, null] });
    expect(parseManifest('a.json', list('List', { apiVersion: 'v1', kind: 'Node' })).objects[0]?.object).toEqual({
      apiVersion: 'v1',
      kind: 'Node',
    });
    expect(parseManifest('a.json', list('ServiceList', { metadata: {} })).objects).toMatchObject([
      { object: { apiVersion: 'v1', kind: 'Service', metadata: {} } },
    ]);
  });

  it('knows the line of each field, in YAML and in JSON, in lists, too', () => {
    const [yaml] = parseManifest('a.yaml', `# first\n---\n${SERVICE}`).objects;
    expect(yaml?.place(['spec', 'ports', 0, 'targetPort'])).toBe('a.yaml:10');
    expect(yaml?.place(['spec', 'ports', 0, 'nodePort'])).toBe('a.yaml:9');
    expect(yaml?.place(['status', 'x'])).toBe('a.yaml:3');
    const list = JSON.stringify(
      { apiVersion: 'v1', kind: 'List', items: [{ kind: 'Service', apiVersion: 'v1' }] },
      null,
      1,
    );
    expect(parseManifest('a.json', list).objects[0]?.place(['kind'])).toBe('a.json:6');
  });

  it.each([
    ['a.yaml', 'a: [1, 2\nb: 3\n', 2],
    ['a.yaml', `${SERVICE}---\nkind: Service\n  bad: x\n`, 10],
    ['a.json', '{\n "apiVersion": "v1",\n "kind" "Service"\n}', 3],
    ['a.json', '{"apiVersion": "v1", "kind": "Ser', 1],
    ['a.yaml', 'just a text\n', 1],
    ['a.yaml', `${SERVICE}---\nmetadata: {}\n`, 10],
  ])('that cannot be understood names the line (%s, %j)', (file, text, line) => {
    expect(parseManifest(file, text).problem?.line).toBe(line);
  });

  it.each([
    'apiVersion: v1\nkind: Secret\nstringData: {password: geheim, password: geheim}\n',
    'apiVersion: v1\nkind: Secret\nstringData:\n  password: geheim\n geheim: x\n',
    'a: *geheim\n',
    'a: !geheim [\n',
    '{"geheim": geheim geheim',
  ])('never quotes what it holds: %j', (text) => {
    const { problem } = parseManifest('a.yaml', text);
    expect(problem).toBeDefined();
    expect(problem?.message).not.toMatch(/geheim/);
  });

  it('is cut at its document markers, and only there', () => {
    const text = 'a: |\n  ---\n  x\nb: "--- y"\n--- {c: 1}\n---\n---- d\n---';
    expect(splitDocuments(text).map(({ line, text: part }) => [line, part.split('\n').length])).toEqual([
      [1, 5],
      [5, 2],
      [6, 3],
      [8, 1],
    ]);
    expect(splitDocuments(`%YAML 1.2\n---\n${SERVICE}---\n${SERVICE}`)).toHaveLength(1);
    expect(parseManifest('a.yaml', `%YAML 1.2\n---\n${SERVICE}---\n${SERVICE}`).objects).toHaveLength(2);
    expect(parseManifest('a.yaml', `${SERVICE}...\n${SERVICE}`).objects).toHaveLength(2);
  });

  it('is not brought down by a bomb of aliases', () => {
    const levels = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(',')}]`);
    expect(parseManifest('a.yaml', `a0: &a0 [1]\n${levels.join('\n')}\n`).problem?.message).toContain('aliases');
  });
});
