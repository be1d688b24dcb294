import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);

// One entry for each kind of page. The manifest tells the templates the hashed names.
export default defineConfig({
  base: '/assets/',
  build: {
    outDir: 'target/classes/static/assets',
    assetsDir: '.',
    assetsInlineLimit: 0,
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    // hls.js, which is loaded by whoever watches and by nobody else.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      input: {
        site: source('entries/site.ts'),
        watch: source('entries/watch.ts'),
        video: source('entries/video.ts'),
        studio: source('entries/studio.ts'),
        admin: source('entries/admin.ts'),
      },
    },
  },
});
