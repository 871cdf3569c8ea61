import { defineConfig } from 'vitest/config';

const testTimeout = 20_000;

export default defineConfig({
  test: {
    // Default: one less. Nothing here depends on being alone, and most tests wait for sockets now and then.
    maxWorkers: '100%',
    projects: [
      {
        // Starting a process and loading the modules for each of some hundred small files cost more than their tests:
        // they share one. What changes the process for good (flags of V8, its environment) belongs into `test/`.
        test: { name: 'src', include: ['src/**/*.test.ts'], isolate: false, testTimeout },
      },
      {
        test: {
          name: 'test',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/clients/**',
            'test/cluster/**',
            'test/etcd/**',
            'test/netns/**',
            'test/package/**',
            'test/sql/**',
            'test/browser/**',
          ],
          testTimeout,
        },
      },
    ],
  },
});
