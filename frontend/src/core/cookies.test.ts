import { expect, test } from 'vitest';
import { cookieOf } from './cookies';

test('a cookie is secure where the site is', () => {
  expect(cookieOf('theme', 'dark', 'https:')).toBe('theme=dark; path=/; max-age=31536000; samesite=lax; secure');
  expect(cookieOf('theme', 'dark', 'http:')).toBe('theme=dark; path=/; max-age=31536000; samesite=lax');
});
