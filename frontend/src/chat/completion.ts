// What may follow what is typed: names after @, emotes after a colon.
import type { Emote } from '../wire/chat';

export interface Choice {
  /** What is put in place of what was typed. */
  text: string;
  label: string;
  src?: string;
}

export interface Completion {
  from: number;
  choices: Choice[];
}

const MOST = 6;

export function complete(
  text: string,
  caret: number,
  names: { name: string; display: string }[],
  emotes: Emote[],
): Completion | undefined {
  const before = text.slice(0, caret);
  const typed = /(?:^|\s)([@:])([\p{L}\p{N}_-]{0,24})$/u.exec(before);
  if (!typed) {
    return undefined;
  }
  const word = (typed[2] ?? '').toLowerCase();
  const from = caret - word.length - 1;
  if (typed[1] === '@') {
    const choices = names
      .filter(({ name, display }) => name.startsWith(word) || display.toLowerCase().startsWith(word))
      .slice(0, MOST)
      .map(({ name, display }) => ({
        text: `@${name} `,
        label: display.toLowerCase() === name ? name : `${display} @${name}`,
      }));
    return choices.length > 0 ? { from, choices } : undefined;
  }
  if (word.length < 2) {
    return undefined;
  }
  const choices = emotes
    .filter((emote) => emote.code.startsWith(word))
    .slice(0, MOST)
    .map((emote) => ({ text: `:${emote.code}: `, label: `:${emote.code}:`, src: emote.src }));
  return choices.length > 0 ? { from, choices } : undefined;
}

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : undefined;

/** Characters as a person counts them. */
export function graphemes(text: string): number {
  return segmenter ? [...segmenter.segment(text)].length : [...text].length;
}
