import { expect, it } from 'vitest';
import { FakeEngine } from '../support/docker-engine.ts';
import { later, makeBed, until } from '../support/e2e.ts';

it('AC-85 a container that starts or stops is one request; an Engine that is away deletes nothing', async () => {
  const engine = await FakeEngine.start();
  later(() => engine.close());
  const web = (name: string, port: number): string =>
    engine.run({
      name,
      labels: { 'f5.pool': 'web', 'f5.vip': '10.1.10.60:443', 'f5.port': '80' },
      ports: { '80/tcp': `10.0.9.1:${port}` },
    });
  web('web-1', 8001);
  const bed = await makeBed({ source: `  - name: docker\n    docker: { socket: '${engine.socket}' }` });
  const has = (text: string): boolean => [...bed.state().keys()].some((key) => key.includes(text));
  const odd = engine.run({ name: 'odd', labels: { 'f5.pool': 'odd', 'f5.weight': 'heavy', 'f5.port': '80' } });
  expect((await bed.cli('check')).out).toMatch(
    /ok +source docker.*2 for us, of which 1 cannot be understood: docker: container odd, .*weight is "heavy"/,
  );
  engine.remove(odd);
  await bed.apply();
  expect(['web_443', '10.0.9.1:8001'].map(has)).toEqual([true, true]);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  const running = await bed.run().started();
  const oneRequest = async (what: string, change: () => void, done: () => boolean): Promise<void> => {
    bed.emulator.log.clear();
    change();
    await until(what, done);
    expect(bed.writes().filter((write) => write.includes('/ltm/'))).toHaveLength(1);
  };
  let second = '';
  await oneRequest(
    'the member is there',
    () => void (second = web('web-2', 8002)),
    () => has('10.0.9.1:8002'),
  );
  await oneRequest(
    'the member is gone',
    () => engine.stop(second),
    () => !has('10.0.9.1:8002'),
  );
  await engine.down();
  await until('it is told', () => running.io.out().includes('docker-list-failed'));
  expect(await running.stop()).toBe(0);
  const away = await bed.cli('apply', '--yes');
  expect(away.out + away.err).toMatch(/cannot list the containers of/);
  expect(['web_443', '10.0.9.1:8001'].map(has)).toEqual([true, true]);
});
