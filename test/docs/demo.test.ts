import { expect, it } from 'vitest';
import { makeLanes } from '../../src/cli/assemble.ts';
import { runCli } from '../../src/cli/program.ts';
import { fakeIo } from '../../src/cli/testing/fake-io.ts';

it('the demo explains each step, in lines that fit a terminal, and every step comes out as it should', async () => {
  const io = fakeIo();
  expect(await runCli(['demo'], { io, makeLanes })).toBe(0);
  const out = io.out();
  expect([...out.matchAll(/^ok: the device got /gm)]).toHaveLength(6);
  expect([...out.matchAll(/^\d\. [A-Z].*\n[A-Z].*/gm)]).toHaveLength(6);
  expect(out).toContain('ok: the device got 1 request, 1 write among them');
  expect(out).toContain('was not found.');
  expect(out).toContain('All steps came out as they should.');
  // The summary of a plan ends in a fingerprint, which is there to be copied.
  const long = out.split('\n').filter((line) => line.length > 80 && !line.startsWith('Plan: '));
  expect(long).toEqual([]);
  expect(out).not.toContain('\u001B');
});
