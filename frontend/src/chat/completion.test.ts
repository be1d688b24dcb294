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
const texts = (text: string, caret = text.length) =>
  complete(text, caret, NAMES, EMOTES)?.choices.map((choice) => choice.text);

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
  expect(complete('x @an', 5, NAMES, EMOTES)?.from).toBe(2);
});

test('characters are counted as people do', () => {
  expect(graphemes('你好')).toBe(2);
  expect(graphemes('👩‍👩‍👧‍👦🇨🇳é')).toBe(3);
});
