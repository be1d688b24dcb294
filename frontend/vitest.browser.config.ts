import { defineConfig } from 'vitest/config';

// The whole product: the packaged site, FFmpeg and a real browser. Run by the build after packaging.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/chromium-setup.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
