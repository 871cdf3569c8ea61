import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { lab, rowsOf, runPage, virtualsOf } from '../support/docs-lab.ts';

const FOLDER = join(import.meta.dirname, '../../examples/http');
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Files of the example, as `python3 -m http.server` gives them: with the time of their last change. */
async function serve(): Promise<string> {
  const server = createServer((request, response) => {
    const file = join(FOLDER, new URL(request.url ?? '/', 'http://x').pathname);
    void Promise.all([readFile(file), stat(file)]).then(
      ([bytes, { mtime }]) => response.writeHead(200, { 'last-modified': mtime.toUTCString() }).end(bytes),
      () => response.writeHead(404).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('examples/http: the commands of docs/sources/http.md work as they stand, and its table is what they make', async () => {
  const url = await serve();
  const made = await lab('http', 'sources/http.md', (config) => config.replace('http://127.0.0.1:8000', url));
  await runPage(made);
  expect(await virtualsOf(made)).toEqual(rowsOf(made.page, '| virtual server | destination | pool |'));
});
