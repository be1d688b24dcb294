import { afterEach, expect, test, vi } from 'vitest';
import { lettersAreKeys, remember } from './storage';

afterEach(() => vi.unstubAllGlobals());

test('letters are keys until somebody turns them off', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => kept.set(key, text),
    },
  });
  expect(lettersAreKeys()).toBe(true);
  remember('letter-keys', false);
  expect(lettersAreKeys()).toBe(false);
});
