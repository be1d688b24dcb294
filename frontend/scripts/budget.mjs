// What a first view loads before the player, held to its budget: scripts as they travel, compressed.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGETS = { site: 12_000, watch: 24_000, studio: 20_000, admin: 8_000 }; // bytes, gzip, with what they import
const folder = 'target/classes/static/assets/';
const manifest = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'));

function files(key, seen = new Set()) {
  const chunk = manifest[key];
  seen.add(chunk.file);
  for (const imported of chunk.imports ?? []) {
    files(imported, seen);
  }
  return seen;
}

let over = false;
for (const [name, budget] of Object.entries(BUDGETS)) {
  const total = [...files(`src/entries/${name}.ts`)]
    .map((file) => gzipSync(readFileSync(folder + file)).length)
    .reduce((sum, size) => sum + size, 0);
  if (total > budget) {
    over = true;
    console.error(
      `${name}: ${total} bytes of script, ${budget} allowed. Load it later, or raise the budget on purpose.`,
    );
  }
}
process.exit(over ? 1 : 0);
