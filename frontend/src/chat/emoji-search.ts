// What a picker knows: emotes and emoji by name, what was used last, one skin tone. No document here.
import { remember, remembered } from '../core/storage';
import type { Emote } from '../wire/chat';

/** As scripts/emoji.mjs writes it: the emoji, its name, other words for it, whether it takes a skin tone. */
export type Emoji = [string, string, string, 1?];

export interface Pick {
  /** What it is called by: `:code:` of an emote, or the emoji without a tone. */
  key: string;
  name: string;
  /** What is put into the box. */
  text: string;
  src?: string;
}

const MOST_FOUND = 120;
const MOST_RECENT = 32;
const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];

export const tone = (): number => Math.max(0, TONES.indexOf(TONES[remembered('chat-tone', 0)] ?? ''));
export const rememberTone = (chosen: number): void => remember('chat-tone', chosen);

/** With a skin tone, where it takes one: after the first character, in the place of its variation. */
export function toned(emoji: Emoji, chosen: number): string {
  if (!emoji[3] || chosen === 0) {
    return emoji[0];
  }
  const [first, ...rest] = [...emoji[0]];
  return first + (TONES[chosen] ?? '') + rest.join('').replace(/^\uFE0F/, '');
}

export const emotePick = (emote: Emote): Pick => ({
  key: `:${emote.code}:`,
  name: `:${emote.code}:`,
  text: `:${emote.code}: `,
  src: emote.src,
});

export const emojiPick = (emoji: Emoji, chosen: number): Pick => ({
  key: emoji[0],
  name: emoji[1],
  text: toned(emoji, chosen),
});

/** Whatever has all the words in its name or beside it; names that begin so first. */
export function search(typed: string, emotes: Emote[], groups: Emoji[][], chosen: number): Pick[] {
  const words = typed.toLowerCase().replaceAll(':', ' ').trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return [];
  }
  const first = words[0] ?? '';
  const codes = emotes.filter((emote) => words.every((word) => emote.code.includes(word)));
  const found = groups
    .flat()
    .filter(([emoji, name, beside]) =>
      words.every((word) => name.toLowerCase().includes(word) || beside.includes(word) || emoji === word),
    );
  const rank = (emoji: Emoji) =>
    emoji[1].toLowerCase().startsWith(first) ? 0 : emoji[1].toLowerCase().includes(first) ? 1 : 2;
  found.sort((a, b) => rank(a) - rank(b));
  return [...codes.map(emotePick), ...found.map((emoji) => emojiPick(emoji, chosen))].slice(0, MOST_FOUND);
}

/** What was used last, as far as it is still there, the newest first. */
export function recent(emotes: Emote[], groups: Emoji[][], chosen: number): Pick[] {
  const byCode = new Map(emotes.map((emote) => [`:${emote.code}:`, emote]));
  const byEmoji = new Map(groups.flat().map((emoji) => [emoji[0], emoji]));
  return keys().flatMap((key) => {
    const emote = byCode.get(key);
    const emoji = byEmoji.get(key);
    return emote ? [emotePick(emote)] : emoji ? [emojiPick(emoji, chosen)] : [];
  });
}

export function used(pick: Pick): void {
  remember('chat-recent', [pick.key, ...keys().filter((key) => key !== pick.key)].slice(0, MOST_RECENT));
}

function keys(): string[] {
  const kept = remembered<unknown>('chat-recent', []);
  return Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : [];
}
