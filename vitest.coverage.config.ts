import { defineConfig } from 'vitest/config';

/** The pure folders, whose every branch is tested. test/coverage.test.ts proves that the gate bites. */
export const PURE = [
  'src/ir/**/*.ts',
  'src/desired/**/*.ts',
  'src/plan/**/*.ts',
  'src/report/**/*.ts',
  'src/targets/bigip/compile/**/*.ts',
  'src/targets/bigip/decode/**/*.ts',
];

export default defineConfig({
  test: {
    include: ['src/{ir,desired,plan,report,sync}/**/*.test.ts', 'src/targets/bigip/**/*.test.ts'],
    isolate: false,
    testTimeout: 20_000,
    coverage: {
      enabled: true,
      provider: 'v8',
      include: PURE,
      exclude: ['**/*.test.ts'],
      reporter: ['text'],
      thresholds: { branches: 98, functions: 99, lines: 99, statements: 99 },
    },
  },
});
