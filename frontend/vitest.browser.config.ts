import { defineConfig } from 'vitest/config';

// The whole product: the packaged site, FFmpeg and a real browser. Run by the build after packaging. All files share one site and one
// browser, and wait for most of their time.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    maxWorkers: 6,
    maxConcurrency: 3,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
