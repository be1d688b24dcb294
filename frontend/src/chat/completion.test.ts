import { expect, test } from 'vitest';
import { complete, graphemes } from './completion';

const NAMES = [
  { name: 'anna', display: '安娜' },
  { name: 'andrew', display: 'andrew' },
  { name: 'bob', display: 'bob' },
];
const EMOTES = [
  { code: 'wave', src: '/w' },
  { code: 'wow', src: '/o' },
];
const KNOWN = { names: NAMES, emotes: EMOTES, commands: ['timeout', 'title', 'ban'] };
const WORDS = { 'command.ban': 'name', 'command.ban.help': 'Bans somebody.' };
const texts = (text: string, caret = text.length) =>
  complete(text, caret, KNOWN, WORDS)?.choices.map((choice) => choice.text);

test('names follow an @, by name or by what people are called', () => {
  expect(texts('hello @an')).toEqual(['@anna ', '@andrew ']);
  expect(texts('@安')).toEqual(['@anna ']);
  expect(texts('@')).toHaveLength(3);
});

test('emotes follow a colon and two letters', () => {
  expect(texts('hi :wa')).toEqual([':wave: ']);
  expect(texts('hi :w')).toBeUndefined();
});

test('nothing is completed inside a word, an address or behind the caret', () => {
  expect(texts('me@an')).toBeUndefined();
  expect(texts('http://an')).toBeUndefined();
  expect(texts('12:30')).toBeUndefined();
  expect(texts('@an later', 9)).toBeUndefined();
  expect(complete('x @an', 5, KNOWN, WORDS)?.from).toBe(2);
});

test('commands follow a stroke at the beginning, those that the server lets this person type', () => {
  expect(texts('/')).toEqual(['/timeout ', '/title ', '/ban ']);
  expect(texts('/ti')).toEqual(['/timeout ', '/title ']);
  expect(complete('/b', 2, KNOWN, WORDS)?.choices).toEqual([
    { text: '/ban ', label: '/ban name', help: 'Bans somebody.' },
  ]);
  expect(complete('/', 1, { ...KNOWN, commands: [] }, WORDS)).toBeUndefined();
  expect(texts('/ban bo')).toBeUndefined();
  expect(texts('and/')).toBeUndefined();
});

test('characters are counted as people do', () => {
  expect(graphemes('你好')).toBe(2);
  expect(graphemes('👩‍👩‍👧‍👦🇨🇳é')).toBe(3);
});
