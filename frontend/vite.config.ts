import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// One entry per kind of page. The manifest tells the templates the hashed names.
export default defineConfig({
  base: '/assets/',
  build: {
    outDir: 'target/classes/static/assets',
    assetsDir: '.',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        site: resolve(import.meta.dirname, 'src/entries/site.ts'),
      },
    },
  },
});
