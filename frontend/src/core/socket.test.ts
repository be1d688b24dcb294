import { describe, expect, test } from 'vitest';
import { retryDelay } from './socket';

describe('retryDelay', () => {
  test('is short after a socket that had been stable', () => {
    expect(retryDelay(0, () => 0.999)).toBeLessThan(300);
  });

  test('doubles its bound with each failure and stops at thirty seconds', () => {
    expect(retryDelay(1, () => 1)).toBe(1_200);
    expect(retryDelay(2, () => 1)).toBe(2_200);
    expect(retryDelay(4, () => 1)).toBe(8_200);
    expect(retryDelay(30, () => 1)).toBe(30_200);
  });

  test('spreads pages over the whole interval', () => {
    expect(retryDelay(5, () => 0)).toBe(200);
    expect(retryDelay(5, () => 0.5)).toBe(8_200);
  });
});
