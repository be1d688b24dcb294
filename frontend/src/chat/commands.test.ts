import { expect, test } from 'vitest';
import { asksForHelp, help, isCommand } from './commands';

test('a stroke and a letter are a command', () => {
  expect(['/help', '/foo bar', '/Ban bob'].map(isCommand)).toEqual([true, true, true]);
  expect(['/', '/ help', '/9', '//', 'and /help', '1/x'].some(isCommand)).toBe(false);
});

test('help is asked for by its word alone', () => {
  expect(['/help', '/HELP', '/help me'].map(asksForHelp)).toEqual([true, true, true]);
  expect(['/helpless', '/hel', 'help'].some(asksForHelp)).toBe(false);
});

test('everybody is told what they may type, and no more', () => {
  const words = {
    'command.help.help': 'Shows this.',
    'command.ban': 'name reason',
    'command.ban.help': 'Bans.',
    'command.mention': 'name',
    'command.mention.help': 'Mentions.',
    'command.emote.help': 'An emote.',
  };
  expect(help([], [], words)).toEqual([
    { typed: '/help', does: 'Shows this.' },
    { typed: '@name', does: 'Mentions.' },
  ]);
  expect(help(['ban'], [{ code: 'wave' }], words).map(({ typed }) => typed)).toEqual([
    '/help',
    '/ban name reason',
    '@name',
    ':wave:',
  ]);
});
