import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: 'test/e2e/global-setup.ts',
    testTimeout: 420_000,
    hookTimeout: 420_000,
    // Every file opens a window of its own on the one server; on two cores they would only slow each other down.
    fileParallelism: false,
    // The steps of a file build on each other: one window, one analysis.
    sequence: { shuffle: false },
    bail: 0,
    // A loaded machine draws later; nothing is timed here.
    expect: { poll: { timeout: 120_000, interval: 100 } },
  },
});
