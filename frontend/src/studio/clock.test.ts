import { expect, test } from 'vitest';
import { clockMillis } from './clock';

test('a time is read as people write it', () => {
  expect(clockMillis('1:02:03')).toBe(3_723_000);
  expect(clockMillis(' 2:03 ')).toBe(123_000);
  expect(clockMillis('90')).toBe(90_000);
  expect(clockMillis('0:00')).toBe(0);
  for (const none of ['', 'x', '1:2:3:4', '-5', '1.5', '1:']) {
    expect(clockMillis(none)).toBeUndefined();
  }
});
