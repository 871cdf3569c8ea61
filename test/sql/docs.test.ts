import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { lab, rowsOf, runPage, virtualsOf } from '../support/docs-lab.ts';
import { DATABASES } from './bed.ts';

const STARTS = { mysql: 'mariadb ', postgresql: 'createdb ' } as const;

it.for(DATABASES)(
  'examples/sql: the commands of docs/sources/sql.md work as they stand with $name, and its table is what they make',
  async ({ missing, start }, { skip }) => {
    if (missing !== undefined) skip(missing);
    const server = await start();
    try {
      const patch = (config: string): string =>
        config
          .replace('host: 127.0.0.1', `host: 127.0.0.1\n      port: ${server.port}`)
          .replace('driver: mariadb', `driver: ${server.driver}`);
      const made = await lab('sql', 'sources/sql.md', patch);
      const blocks = [...made.page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
      const prepare = blocks.find((block) => block.startsWith(STARTS[server.driver])) ?? 'false';
      const env = { ...process.env, ...server.clientEnv };
      const { status, stderr } = spawnSync('bash', ['-euc', prepare], { cwd: made.folder, env, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      await runPage(made);
      const rows = rowsOf(made.page, '| virtual server | destination | pool |');
      expect(rows).toHaveLength(3);
      expect(await virtualsOf(made)).toEqual(rows);
    } finally {
      await server.close();
    }
  },
);
