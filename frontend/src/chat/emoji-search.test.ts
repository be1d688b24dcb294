import { beforeEach, expect, test, vi } from 'vitest';
import english from './emoji/en.json';
import chinese from './emoji/zh.json';
import { type Emoji, emojiPick, emotePick, recent, rememberTone, search, tone, toned, used } from './emoji-search';

const EN = english as unknown as Emoji[][];
const ZH = chinese as unknown as Emoji[][];
const EMOTES = [
  { code: 'wave', src: '/emotes/wave.svg' },
  { code: 'heartbeat', src: '/pictures/x' },
];

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
  });
});

const texts = (typed: string, groups = EN) => search(typed, EMOTES, groups, 0).map((pick) => pick.text);

test('names are searched in the page’s language, emotes first, names that begin so before others', () => {
  expect(texts('heart')[0]).toBe(':heartbeat: ');
  expect(texts('heart')).toContain('💝');
  expect(texts(':wave')).toEqual([':wave: ', ...texts('wave').slice(1)]);
  expect(texts('红心', ZH)).toContain('❤️');
  expect(texts('GRINNING cat')).toContain('😺');
  expect(texts('zzzqq')).toEqual([]);
  expect(texts('  ')).toEqual([]);
});

test('what was used comes back once, the newest first, and only what is still there', () => {
  const [wave, grin] = [emotePick(EMOTES[0] as never), emojiPick(EN[0]?.[0] as Emoji, 0)];
  used(wave);
  used(grin);
  used(wave);
  expect(recent(EMOTES, EN, 0).map((pick) => pick.key)).toEqual([':wave:', '😀']);
  expect(recent([], EN, 0).map((pick) => pick.key)).toEqual(['😀']);
  for (let round = 0; round < 60; round++) {
    used({ key: `:gone${round}:`, name: '', text: '' });
  }
  expect(JSON.parse(window.localStorage.getItem('millrace-chat-recent') ?? '[]')).toHaveLength(32);
});

test('a storage that somebody wrote into is no reason to fail', () => {
  window.localStorage.setItem('millrace-chat-recent', '{"a":1}');
  window.localStorage.setItem('millrace-chat-tone', '"x"');
  expect(recent(EMOTES, EN, 0)).toEqual([]);
  expect(tone()).toBe(0);
});

test('one skin tone is remembered, and put where Unicode wants it', () => {
  rememberTone(3);
  expect(tone()).toBe(3);
  expect(toned(['👋', 'waving hand', '', 1], 3)).toBe('👋🏽');
  expect(toned(['☝️', 'index pointing up', '', 1], 1)).toBe('☝🏻');
  expect(toned(['👩‍🚀', 'woman astronaut', '', 1], 5)).toBe('👩🏿‍🚀');
  expect(toned(['😀', 'grinning face', ''], 5)).toBe('😀');
});
