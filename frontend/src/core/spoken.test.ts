import { expect, test } from 'vitest';
import { spokenLength } from './spoken';

test.each([
  [0, 'en', '0 seconds'],
  [1_000, 'en', '1 second'],
  [42_000, 'en', '42 seconds'],
  [60_000, 'en', '1 minute'],
  [125_000, 'en', '2 minutes 5 seconds'],
  // Nobody counts seconds of hours.
  [3_725_000, 'en', '1 hour 2 minutes'],
  [3_605_000, 'en', '1 hour'],
  [125_000, 'zh-CN', '2分钟5秒钟'],
])('%i ms in %s is "%s"', (millis, lang, text) => {
  expect(spokenLength(millis, lang)).toBe(text);
});
