import { expect, test } from 'vitest';
import { plural } from './plural';

test.each([
  [0, 'en', 'other'],
  [1, 'en', 'one'],
  [2, 'en', 'other'],
  [1, 'zh-CN', 'other'],
])('plural(%i, %s) is %s', (value, lang, form) => {
  expect(plural(value, lang)).toBe(form);
});
