import { defineConfig } from 'vitest/config';

const waiting = { testTimeout: 240_000, hookTimeout: 240_000, maxConcurrency: 3 };
const shared = { globalSetup: ['test/support/setup.ts'] };

// The whole product: the packaged site, FFmpeg and a real browser. Run by the build after packaging. Files share one site and one browser.
// First what wants a site of its own, or waits for whole minutes; then what keeps the processors busy.
export default defineConfig({
  test: {
    maxWorkers: 4,
    ...shared,
    projects: [
      {
        test: {
          ...waiting,
          name: 'first',
          include: ['test/{life,bell,block}.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...waiting,
          name: 'then',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{life,bell,block}.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
