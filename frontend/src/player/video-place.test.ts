import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askedTime, beginning, keepHere, placeHere, Watched, worthKeeping } from './video-place';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  ['?t=75', 75_000],
  ['?t=75s', 75_000],
  ['?a=b&t=1m15s', 75_000],
  ['?t=1h2m3s', 3_723_000],
  ['?t=2h', 7_200_000],
  ['?t=0', 0],
  ['?t=', undefined],
  ['', undefined],
  ['?t=-5', undefined],
  ['?t=1.5', undefined],
  ['?t=99999999999', undefined],
  ['?t=<b>', undefined],
])('%s begins at %s', (search, millis) => {
  expect(askedTime(search)).toBe(millis);
});

test.each([
  [9_999, true, 0],
  [12_345.6, true, 12_345],
  [590_000, true, 0],
  // There is more to come.
  [590_000, false, 590_000],
])('of %d ms of ten minutes, complete: %s, %d are kept', (at, complete, kept) => {
  expect(worthKeeping(at, 600_000, complete)).toBe(kept);
});

test('what the address says goes before where they were', () => {
  expect(beginning(5_000, 30_000, 40_000, 60_000)).toBe(5_000);
  expect(beginning(90_000, 30_000, 40_000, 60_000)).toBe(59_000);
  expect(beginning(undefined, 30_000, 40_000, 60_000)).toBe(30_000);
  expect(beginning(undefined, null, 40_000, 60_000)).toBe(40_000);
  expect(beginning(undefined, null, undefined, 60_000)).toBe(0);
  // It was trimmed since.
  expect(beginning(undefined, 70_000, undefined, 60_000)).toBe(0);
});

test('a browser keeps a hundred places, those of the videos that were watched last', () => {
  for (let i = 0; i < 120; i++) {
    keepHere(`v${i}`, i + 1);
  }
  expect(placeHere('v19')).toBeUndefined();
  expect(placeHere('v20')).toBe(21);
  keepHere('v20', 500);
  keepHere('new', 1);
  expect([placeHere('v20'), placeHere('v21')]).toEqual([500, undefined]);
  keepHere('v20', 0);
  expect(placeHere('v20')).toBeUndefined();
});

test('time counts while it plays', () => {
  const watched = new Watched();
  expect(watched.look(false, 0)).toBe(0);
  expect(watched.look(true, 1_000)).toBe(0);
  expect(watched.look(true, 5_000)).toBe(4_000);
  expect(watched.look(false, 6_000)).toBe(4_000);
  expect(watched.look(true, 60_000)).toBe(4_000);
  expect(watched.look(true, 61_000)).toBe(5_000);
});
