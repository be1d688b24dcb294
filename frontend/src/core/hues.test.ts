import { expect, test } from 'vitest';
import { hueOf } from './hues';

// HuesTest has the same table.
test.each([
  ['anna', 'hue-19'],
  ['Anna', 'hue-11'],
  ['小鱼的画室', 'hue-9'],
  ['kenji 🎮', 'hue-14'],
])('%s', (name, hue) => {
  expect(hueOf(name)).toBe(hue);
});
