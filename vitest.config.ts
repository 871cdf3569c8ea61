import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      'node_modules',
      'dist',
      'test/clients/**',
      'test/cluster/**',
      'test/etcd/**',
      'test/netns/**',
      'test/package/**',
      'test/sql/**',
      'test/browser/**',
    ],
    testTimeout: 20_000,
  },
});
