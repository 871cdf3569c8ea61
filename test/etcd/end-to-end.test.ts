import { afterEach, describe, expect, inject, it } from 'vitest';
import { commandsOf, lab, rowsOf, runPage, virtualsOf } from '../support/docs-lab.ts';
import { makeBed, until } from '../support/e2e.ts';
import { EtcdServer } from './server.ts';

const missing = inject('noEtcd');
const open: EtcdServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function started(): Promise<EtcdServer> {
  const server = await EtcdServer.start();
  open.push(server);
  return server;
}

describe.skipIf(missing !== undefined)('keys in etcd, by the command line', () => {
  it('AC-33 one key that changes is one request; etcd that is away deletes nothing; a restart writes nothing', async () => {
    const server = await started();
    await server.put('/vips/web/one', '10.0.0.1:8080');
    await server.put('/vips/web/two', '10.0.0.2:8080');
    await server.put('/vips/shop', '{"vip":"10.1.10.9:443","member":"10.0.0.3:8443"}');
    const bed = await makeBed({
      source: `  - name: keys\n    etcd: { endpoints: ['${server.url}'], prefix: /vips }`,
    });
    await bed.apply();
    const has = (text: string): boolean => [...bed.state().keys()].some((key) => key.includes(text));
    expect([has('10.0.0.1:8080'), has('shop_443')]).toEqual([true, true]);
    const running = await bed.run().started();
    bed.emulator.log.clear();
    await server.put('/vips/web/three', '10.0.0.4:8080');
    await until('the member is there', () => has('10.0.0.4:8080'));
    expect(bed.writes().filter((write) => write.includes('/ltm/'))).toHaveLength(1);
    await server.kill();
    await until('it is told', () => running.io.out().includes('etcd-list-failed'));
    expect(has('10.0.0.4:8080')).toBe(true);
    await server.up();
    await server.remove('/vips/web/two');
    await until('the member is gone', () => !has('10.0.0.2:8080'));
    expect(await running.stop()).toBe(0);
    // What waits for a quiet moment: the node that nobody uses any more.
    await bed.apply();
    bed.emulator.log.clear();
    await bed.apply();
    expect(bed.writes()).toEqual([]);
  });

  it('check says what is wrong with etcd; no output holds the password', async () => {
    const server = await started();
    await server.kill();
    const connection = `endpoints: ['${server.url}'], username: fairlead, password: { env: FAIRLEAD_NOT_SET }`;
    const bed = await makeBed({ source: `  - name: keys\n    etcd: { ${connection}, prefix: /vips }` });
    const { code, out } = await bed.cli('check');
    expect(code).not.toBe(0);
    expect(out).toMatch(/keys.*cannot list the keys below \/vips in etcd/);
  });

  it('examples/etcd: the commands of docs/sources/etcd.md work as they stand, and its tables are what they make', async () => {
    const server = await started();
    const made = await lab('etcd', 'sources/etcd.md', (config) => config.replace('http://127.0.0.1:2379', server.url));
    for (const line of commandsOf(made.page, 'etcdctl put ')) {
      const [, key = '', value = ''] = /^(\S+) '?(.*?)'?$/.exec(line) ?? [];
      await server.put(key, value);
    }
    await runPage(made);
    expect(await virtualsOf(made)).toEqual(rowsOf(made.page, '| virtual server | destination | pool |'));
    const mail = (await made.items('ltm/pool')).filter(({ name }) => name === 'mail');
    const members = mail.map(({ name, membersReference }) => [
      [name],
      membersReference?.items?.map((item) => item.name),
    ]);
    expect(members).toEqual(rowsOf(made.page, '| pool | members |'));
  });
});
