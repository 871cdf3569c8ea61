import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./iproute.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
