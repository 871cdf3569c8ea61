import { afterEach, expect, it } from 'vitest';
import { commandsOf, lab, rowsOf, runPage, virtualsOf } from '../support/docs-lab.ts';
import { FakeEngine } from '../support/docker-engine.ts';

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** `docker run`, with the options that the page uses. */
function run(engine: FakeEngine, line: string): void {
  const words = line.split(/\s+/);
  const all = (option: string): readonly string[] =>
    words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []));
  const ports = all('-p').map((text) => text.split(':'));
  engine.run({
    name: all('--name')[0] ?? '',
    labels: Object.fromEntries(all('-l').map((text) => text.split('='))) as Record<string, string>,
    ports: Object.fromEntries(ports.map(([host, inside]) => [`${inside}/tcp`, `0.0.0.0:${host}`])),
  });
}

it('examples/docker: the commands of docs/sources/docker.md work as they stand, and its table is what they make', async () => {
  const engine = await FakeEngine.start();
  open.push(() => engine.close());
  const patch = (config: string): string => config.replace('/var/run/docker.sock', engine.socket);
  const made = await lab('docker', 'sources/docker.md', patch);
  for (const line of commandsOf(made.page, 'docker run ')) run(engine, line);
  await runPage(made);
  expect(await virtualsOf(made)).toEqual(rowsOf(made.page, '| virtual server | destination | pool |'));
});
