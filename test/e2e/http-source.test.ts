import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { later, makeBed, until } from '../support/e2e.ts';

const TOKEN = 'token-of-the-api-77';

it('AC-02 rows in a JSON document: the members are made, a second run writes nothing, an empty list deletes nothing', async () => {
  let rows: readonly object[] = [
    { service: 'shop', vip: '10.1.10.60:443', member: '10.0.9.1:8443' },
    { service: 'blog', vip: '10.1.10.61:80', member: '10.0.9.3:8080' },
  ];
  const server = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${TOKEN}`;
    response.writeHead(known ? 200 : 401).end(known ? JSON.stringify({ items: rows }) : TOKEN);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  later(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vips`;
  const http = `url: '${url}', rows: items, bearerToken: { file: ./token }, poll: 1s`;
  const bed = await makeBed({ source: `  - name: api\n    http: { ${http} }` });
  await writeFile(path.join(bed.folder, 'token'), `${TOKEN}\n`);
  const has = (text: string): boolean => [...bed.state().keys()].some((key) => key.includes(text));
  expect((await bed.cli('check')).out).toMatch(/source api.*2 for us/);
  await bed.apply();
  expect(['10.0.9.1:8443', 'blog_80'].map(has)).toEqual([true, true]);
  const running = await bed.run().started();
  bed.emulator.log.clear();
  rows = [...rows, { service: 'shop', vip: '10.1.10.60:443', member: '10.0.9.2:8443' }];
  await until('the member is there', () => has('10.0.9.2:8443'));
  expect(bed.writes().filter((write) => write.includes('/ltm/'))).toHaveLength(1);
  rows = [];
  await until('it is told', () => running.io.out().includes('has no rows'));
  expect(await running.stop()).toBe(0);
  expect(has('10.0.9.2:8443')).toBe(true);
  expect(bed.printed + running.io.out() + running.io.err()).not.toContain(TOKEN);
});
