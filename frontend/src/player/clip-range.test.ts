import { describe, expect, test } from 'vitest';
import { share, spokenPlace, withEnd, withStart } from './clip-range';

const live = { fromMillis: 100_000, toMillis: 190_000, leastMillis: 5_000, mostMillis: 60_000 };
const chosen = { start: 160_000, end: 190_000 };

describe('the handles of a clip', () => {
  test('move alone as long as a clip can be what is between them', () => {
    expect(withStart(live, chosen, 150_000)).toEqual({ start: 150_000, end: 190_000 });
    expect(withEnd(live, chosen, 170_000)).toEqual({ start: 160_000, end: 170_000 });
  });

  test('push each other where it would be too short', () => {
    expect(withStart(live, { start: 110_000, end: 120_000 }, 118_000)).toEqual({ start: 118_000, end: 123_000 });
    expect(withEnd(live, { start: 110_000, end: 120_000 }, 112_000)).toEqual({ start: 107_000, end: 112_000 });
  });

  test('pull each other where it would be too long', () => {
    expect(withStart(live, chosen, 101_000)).toEqual({ start: 101_000, end: 161_000 });
    expect(withEnd(live, { start: 105_000, end: 120_000 }, 180_000)).toEqual({ start: 120_000, end: 180_000 });
  });

  test('stay within the stretch', () => {
    expect(withStart(live, chosen, 0)).toEqual({ start: 100_000, end: 160_000 });
    expect(withStart(live, chosen, 900_000)).toEqual({ start: 185_000, end: 190_000 });
    expect(withEnd(live, chosen, 900_000)).toEqual({ start: 160_000, end: 190_000 });
    expect(withEnd(live, chosen, 0)).toEqual({ start: 100_000, end: 105_000 });
  });

  test('are somewhere between the ends', () => {
    expect(share(live, 100_000)).toBe(0);
    expect(share(live, 145_000)).toBe(0.5);
    expect(share(live, 999_000)).toBe(1);
  });

  test('whatever is done, a clip comes out', () => {
    let now = chosen;
    let seed = 7;
    for (let round = 0; round < 1_000; round++) {
      seed = (seed * 48_271) % 2_147_483_647;
      now = (round % 2 === 0 ? withStart : withEnd)(live, now, seed % 250_000);
      expect(now.start).toBeGreaterThanOrEqual(live.fromMillis);
      expect(now.end).toBeLessThanOrEqual(live.toMillis);
      expect(now.end - now.start).toBeGreaterThanOrEqual(live.leastMillis);
      expect(now.end - now.start).toBeLessThanOrEqual(live.mostMillis);
    }
  });

  test('say where they are, to the second', () => {
    expect(spokenPlace(3_725_000, 'en')).toBe('1 hour 2 minutes 5 seconds');
    expect(spokenPlace(0, 'en')).toBe('0 seconds');
    expect(spokenPlace(60_000, 'en')).toBe('1 minute');
    expect(spokenPlace(62_000, 'zh-CN')).toBe('1分钟2秒钟');
  });
});
