// What begins with a stroke and a letter is a command, whoever types it, and never for all to read.
import { element } from '../core/dom';
import type { Words } from './message-view';

export function isCommand(text: string): boolean {
  return /^\/[a-z]/i.test(text);
}

export function asksForHelp(text: string): boolean {
  return /^\/help(?!\S)/i.test(text);
}

/** What somebody may type: as it is typed, and what it does. */
export function help(commands: string[], emotes: { code: string }[], words: Words): { typed: string; does: string }[] {
  const lines = ['help', ...commands].map((name) => ({
    typed: `/${name} ${words[`command.${name}`] ?? ''}`.trim(),
    does: words[`command.${name}.help`] ?? '',
  }));
  lines.push({ typed: `@${words['command.mention'] ?? ''}`, does: words['command.mention.help'] ?? '' });
  const emote = emotes[0];
  if (emote) {
    lines.push({ typed: `:${emote.code}:`, does: words['command.emote.help'] ?? '' });
  }
  return lines;
}

/** The same for the page of whoever asked, and for nobody else. */
export function helpNote(commands: string[], emotes: { code: string }[], words: Words): HTMLElement {
  const note = element(
    'div',
    'chat-system',
    element('p', '', words['command.list'] ?? ''),
    ...help(commands, emotes, words).map(({ typed, does }) =>
      element('p', '', element('strong', '', typed), ` ${does}`),
    ),
  );
  note.setAttribute('role', 'status');
  return note;
}
