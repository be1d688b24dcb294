import { expect, test } from 'vitest';
import { HEIGHT, line, WIDTH } from './curve';

test('the newest is at the right edge, and what is not there yet leaves room at the left', () => {
  expect(line([5, 5, 5], 301)).toMatch(/^M298\.0 .*L299\.0 .*L300\.0 /);
});

test('the largest does not touch the top, and nothing lies at the bottom', () => {
  const heights = line([0, 100], 2)
    .match(/ [\d.]+/g)
    ?.map(Number);
  expect(heights?.[0]).toBe(HEIGHT - 2);
  expect(heights?.[1]).toBeGreaterThan(2);
  expect(line([0, 0], 2)).toBe(`M0.0 ${HEIGHT - 2}.0L${WIDTH}.0 ${HEIGHT - 2}.0`);
});

test('the first value is a short flat line', () => {
  expect(line([7], 8)).toMatch(/^M257\.1 (\d+\.\d)L300\.0 \1$/);
});
