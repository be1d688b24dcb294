import { expect, test } from 'vitest';
import { bands, decibels, Level } from './sound-level';

test('full scale is nought, half is six less, silence is the floor', () => {
  expect(decibels(new Float32Array([0.1, -1, 0.3]))).toBeCloseTo(0);
  expect(decibels(new Float32Array([0.5]))).toBeCloseTo(-6.02, 1);
  expect(decibels(new Float32Array([0, 0]))).toBe(-60);
  expect(decibels(new Float32Array([1e-9]))).toBe(-60);
});

test('a level rises at once, falls thirty decibels a second, and stays above the floor', () => {
  const level = new Level();
  expect(level.part).toBe(0);
  level.follow(-6, 100);
  expect(level.part).toBeCloseTo(0.9);
  level.follow(-60, 100);
  expect(level.decibels).toBeCloseTo(-9);
  level.follow(-3, 100);
  expect(level.decibels).toBeCloseTo(-3);
  level.follow(-60, 10_000);
  expect(level.decibels).toBe(-60);
});

test('bands are told low to high, each by its loudest, and silence is the floor', () => {
  const bins = new Float32Array(512).fill(Number.NEGATIVE_INFINITY);
  bins[3] = -20;
  bins[200] = -31;
  expect(bands(bins, [1, 8, 64, 256], 10)).toEqual([-10, -60, -21]);
});
