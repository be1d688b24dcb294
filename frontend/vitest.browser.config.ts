import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What is long is begun first. */
const LONG = ['life', 'minute', 'moderation', 'people', 'layouts', 'home', 'watch', 'first-hour'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.indexOf(basename(moduleId, '.test.ts'));
      return at < 0 ? LONG.length : at;
    };
    return files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

/** What is waited for comes late on a busy machine: only what never comes is a failure. */
const common = {
  testTimeout: 240_000,
  hookTimeout: 240_000,
  maxConcurrency: 3,
  // As Maven does it: what is green at the second try is told, and is a fault, but not of the change that met it.
  retry: process.env.CI ? 1 : 0,
  expect: { poll: { timeout: 60_000 } },
};

/** Begun with what is light, one after another, beside what starts a site of its own or waits for whole minutes. */
const first = ['test/{life,minute,channels,chat-room,console,doors,first-picture,studio}.test.ts'];

// The whole product: the packaged site, FFmpeg and a real browser. Run by the build after packaging. Files share one site and one browser.
export default defineConfig({
  test: {
    globalSetup: ['test/support/setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: 'first', include: first, maxWorkers: 3, sequence: { groupOrder: 0 } } },
      {
        test: {
          ...common,
          name: 'then',
          include: ['test/**/*.test.ts'],
          exclude: first,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
