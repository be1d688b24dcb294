// What a first view loads before the player, held to its budget: scripts as they travel, compressed.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

// Bytes, gzip, with what they import. The page of a video has the chat's and the player's pieces in common with the others, which costs each of
// them a file or two more.
const BUDGETS = { site: 12_000, watch: 30_300, video: 22_900, studio: 23_200, admin: 8_000 };
/** And with what plays HLS, loaded by the page when a stream is on air. */
const PLAYING = ['hls-source', 'node_modules/hls.js/dist/hls.mjs'];
const PLAYING_BUDGET = 212_700;
const folder = 'target/classes/static/assets/';
const manifest = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'));

/** By its source; what several entries share is known by its name alone. */
const chunkOf = (key) =>
  manifest[key] ?? Object.values(manifest).find(({ name, file }) => name === key && file.endsWith('.js'));

function files(key, seen = new Set()) {
  const chunk = chunkOf(key);
  if (!chunk) {
    throw new Error(`${key} is no script of this build`);
  }
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) {
    files(imported, seen);
  }
  return seen;
}

let over = false;
function hold(name, keys, budget) {
  const seen = new Set();
  for (const key of keys) {
    files(key, seen);
  }
  const total = [...seen]
    .map((file) => gzipSync(readFileSync(folder + file)).length)
    .reduce((sum, size) => sum + size, 0);
  if (total > budget) {
    over = true;
    console.error(
      `${name}: ${total} bytes of script, ${budget} allowed. Load it later, or raise the budget on purpose.`,
    );
  }
}

for (const [name, budget] of Object.entries(BUDGETS)) {
  hold(name, [`src/entries/${name}.ts`], budget);
}
hold('watch, playing', ['src/entries/watch.ts', ...PLAYING], PLAYING_BUDGET);
process.exit(over ? 1 : 0);
