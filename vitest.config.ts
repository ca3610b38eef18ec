import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/helpers/whole-run.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real kernels, engines and networks on a machine with other work: what fails once is run again, and the report says so.
    retry: process.env.CI ? 1 : 0,
    // What tests left behind may take time to end (test/helpers/whole-run.ts).
    teardownTimeout: 60_000,
    // Two workers: most tests here start real processes, and more only fight over the cores.
    maxWorkers: 2,
  },
});
