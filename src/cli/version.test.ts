import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { nodeProblem } from './version.ts';

it('an old Node is refused with what was found and what was expected', () => {
  expect(nodeProblem('20.20.2')).toBe(
    'found Node 20.20.2, expected 24 or later; install it, or put it first on the PATH',
  );
  expect(nodeProblem('24.0.0')).toBeUndefined();
  expect(nodeProblem(process.versions.node)).toBeUndefined();
});

it('the oldest Node is the one that the package asks for', async () => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  const oldest = Number(/\d+/.exec(engines.node)?.[0]);
  expect(nodeProblem(`${oldest}.0.0`)).toBeUndefined();
  expect(nodeProblem(`${oldest - 1}.9.9`)).toContain(`expected ${oldest} or later`);
});
