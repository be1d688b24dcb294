import { expect, test } from 'vitest';
import { decibels } from './sound-meter';

test('full scale is nought, half is six less, silence is the floor', () => {
  expect(decibels(new Float32Array([0.1, -1, 0.3]))).toBeCloseTo(0);
  expect(decibels(new Float32Array([0.5]))).toBeCloseTo(-6.02, 1);
  expect(decibels(new Float32Array([0, 0]))).toBe(-60);
  expect(decibels(new Float32Array([1e-9]))).toBe(-60);
});
