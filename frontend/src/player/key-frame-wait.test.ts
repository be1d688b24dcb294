import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeyFrameWait } from './key-frame-wait';

const WORDS = { 'wait.in': 'In about {0} s.', 'wait.soon': 'In a moment.' };
let shown: boolean;
let picture: boolean;
let said: { textContent: string };
let wait: KeyFrameWait;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  shown = false;
  picture = false;
  said = { textContent: '' };
  const host = {
    toggleAttribute: (_name: string, on: boolean) => {
      shown = on;
    },
    hasAttribute: () => picture,
    querySelector: () => said,
  };
  wait = new KeyFrameWait(host as unknown as HTMLElement, WORDS);
});

afterEach(() => vi.useRealTimers());

test('nobody who has a picture is told to wait', () => {
  wait.told(null);
  expect(shown).toBe(false);
  wait.told(undefined);
  expect(shown).toBe(false);
});

test('counts down, and a late key frame is due at any moment', () => {
  wait.told(12_300);
  expect(shown).toBe(true);
  expect(said.textContent).toBe('In about 13 s.');
  vi.setSystemTime(1_005_000);
  wait.look();
  expect(said.textContent).toBe('In about 8 s.');
  vi.setSystemTime(1_013_000);
  wait.look();
  expect(said.textContent).toBe('In a moment.');
});

test('an interval that nobody knows is no number, and the end of the wait is told', () => {
  wait.told(0);
  expect(said.textContent).toBe('In a moment.');
  wait.told(null);
  expect(shown).toBe(false);
});

test('the wait is over when the picture is there', () => {
  wait.told(12_300);
  picture = true;
  wait.look();
  expect(shown).toBe(false);
});
