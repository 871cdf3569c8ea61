import { startEmulator } from '../../src/emulator/index.ts';
import { bigipHarness } from './bigip-harness.ts';
import { testTarget } from './target.ts';

/** The oldest release that is supported, and a recent one. */
for (const tmos of ['12.1', '17.1']) {
  testTarget(`BIG-IP on the emulator (${tmos})`, async () => {
    const emulator = await startEmulator({
      tmos,
      modules: ['ltm', 'gtm'],
      users: [{ name: 'admin', password: 'contract-test' }],
    });
    const access = { url: emulator.url, username: 'admin', password: 'contract-test' };
    return bigipHarness(access, () => emulator.close());
  });
}
