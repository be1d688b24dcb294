import { defineConfig } from 'vitest/config';

// The whole product: the packaged site, FFmpeg and a real browser. Run by the build after packaging. Each file has a site of its own
// and waits for most of its time, so two run side by side.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/chromium-setup.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
