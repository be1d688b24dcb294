// What may follow what is typed: names after @, emotes after a colon, commands after a stroke.
import type { Emote } from '../wire/chat';
import type { Words } from './message-view';

export interface Choice {
  /** What is put in place of what was typed. */
  text: string;
  label: string;
  /** Beside it, quietly. */
  help?: string;
  src?: string;
}

export interface Completion {
  from: number;
  choices: Choice[];
}

export interface Known {
  names: { name: string; display: string }[];
  emotes: Emote[];
  /** What this person may type with a stroke before it. */
  commands: string[];
}

const MOST = 6;

export function complete(text: string, caret: number, known: Known, words: Words): Completion | undefined {
  const before = text.slice(0, caret);
  const command = /^\/(\w{0,20})$/.exec(before);
  if (command) {
    const choices = known.commands
      .filter((name) => name.startsWith((command[1] ?? '').toLowerCase()))
      .map((name) => ({
        text: `/${name} `,
        label: `/${name} ${words[`command.${name}`] ?? ''}`.trim(),
        help: words[`command.${name}.help`] ?? '',
      }));
    return choices.length > 0 ? { from: 0, choices } : undefined;
  }
  const typed = /(?:^|\s)([@:])([\p{L}\p{N}_-]{0,24})$/u.exec(before);
  if (!typed) {
    return undefined;
  }
  const word = (typed[2] ?? '').toLowerCase();
  const from = caret - word.length - 1;
  if (typed[1] === '@') {
    const choices = known.names
      .filter(({ name, display }) => name.startsWith(word) || display.toLowerCase().startsWith(word))
      .slice(0, MOST)
      .map(({ name, display }) => ({
        text: `@${name} `,
        label: display,
        ...(display.toLowerCase() === name ? {} : { help: `@${name}` }),
      }));
    return choices.length > 0 ? { from, choices } : undefined;
  }
  if (word.length < 2) {
    return undefined;
  }
  const choices = known.emotes
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
