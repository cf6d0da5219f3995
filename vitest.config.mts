import { defineConfig } from 'vitest/config';
import { watForVite } from './scripts/lib/wat.mjs';

export default defineConfig({
  plugins: [watForVite],
  test: {
    include: ['test/unit/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores are the reference machine; more workers only contend for them.
    maxWorkers: 2,
  },
});
