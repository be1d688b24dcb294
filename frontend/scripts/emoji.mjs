// Builds the lists of emoji from Unicode's data as emojibase has it (MIT licence), with CLDR's names and words to search for.
// npm install --no-save emojibase-data@17.0.0 && node scripts/emoji.mjs; then commit the lists. By group: [emoji, name, words, 1 for skin tones].
import { readFileSync, writeFileSync } from 'node:fs';

const from = process.argv[2] ?? 'node_modules/emojibase-data';
/** Younger ones are boxes on most machines. */
const NEWEST = 15.1;
/** Parts of others. */
const COMPONENTS = 2;
const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'];

/** How the page puts a tone in: after the first character, in the place of its variation. */
const toned = (emoji, tone) => {
  const [first, ...rest] = [...emoji];
  return first + tone + rest.join('').replace(/^\uFE0F/, '');
};

for (const language of ['en', 'zh']) {
  const groups = [];
  for (const emoji of JSON.parse(readFileSync(`${from}/${language}/data.json`, 'utf8')).sort(
    (a, b) => a.order - b.order,
  )) {
    if (emoji.group === undefined || emoji.group === COMPONENTS || emoji.version > NEWEST) {
      continue;
    }
    const one = (emoji.skins ?? []).filter((skin) => typeof skin.tone === 'number');
    const takes =
      one.length === TONES.length && one.every((skin) => skin.emoji === toned(emoji.emoji, TONES[skin.tone - 1]));
    const at = emoji.group > COMPONENTS ? emoji.group - 1 : emoji.group;
    groups[at] ??= [];
    const words = (emoji.tags ?? []).filter((word) => !emoji.label.includes(word)).join(' ');
    groups[at].push([emoji.emoji, emoji.label, words, ...(takes ? [1] : [])]);
  }
  writeFileSync(
    `src/chat/emoji/${language}.json`,
    `[\n${groups.map((group) => JSON.stringify(group)).join(',\n')}\n]\n`,
  );
}
