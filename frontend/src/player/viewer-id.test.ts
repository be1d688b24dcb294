import { expect, test } from 'vitest';
import { viewerId } from './viewer-id';

function storage(initial: Record<string, string> = {}): Storage {
  const values = new Map(Object.entries(initial));
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  } as Storage;
}

test('two tabs of one browser are one viewer', () => {
  const shared = storage();
  expect(viewerId(shared)).toBe(viewerId(shared));
});

test('two browsers are two', () => {
  expect(viewerId(storage())).not.toBe(viewerId(storage()));
});

test('what somebody else stored under our name is not sent on', () => {
  expect(viewerId(storage({ 'millrace-viewer': '<script>' }))).toMatch(/^[0-9a-f]{32}$/);
});

test('a storage that refuses costs no viewer', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  } as unknown as Storage;
  expect(viewerId(full)).toMatch(/^[0-9a-f]{32}$/);
});
