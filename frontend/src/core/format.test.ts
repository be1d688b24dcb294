import { expect, test } from 'vitest';
import { ago, bitrate, clock, count, duration } from './format';

test.each([
  [0, 'en', '0'],
  [999, 'en', '999'],
  [1_960, 'en', '1.9K'],
  [12_345, 'en', '12.3K'],
  [9_999, 'zh-CN', '9999'],
  [12_345, 'zh-CN', '1.2万'],
  [19_960, 'zh-CN', '1.9万'],
])('count(%i, %s) is %s', (value, lang, text) => {
  expect(count(value, lang)).toBe(text);
});

test.each([
  [0, '0:00'],
  [65_000, '1:05'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('duration(%i) is %s', (millis, text) => {
  expect(duration(millis)).toBe(text);
});

test.each([
  [42_000, '00:42'],
  [600_000, '10:00'],
  [3_723_000, '1:02:03'],
])('clock(%i) is %s', (millis, text) => {
  expect(clock(millis)).toBe(text);
});

test('bit rates change their unit at a million', () => {
  expect(bitrate(208_400)).toBe('208 kbps');
  expect(bitrate(2_480_000)).toBe('2.5 Mbps');
});

test('a time is relative under a day', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  expect(ago(new Date('2026-11-21T11:55:00Z'), now, 'en')).toBe('5 minutes ago');
  expect(ago(new Date('2026-11-21T09:00:00Z'), now, 'zh-CN')).toBe('3小时前');
  expect(ago(new Date('2026-11-19T09:00:00Z'), now, 'en')).toMatch(/^19 Nov 2026, \d\d:00$/);
  expect(ago(new Date('2026-11-19T09:00:00Z'), now, 'zh-CN')).toMatch(/^2026年11月19日 \d\d:00$/);
});

test('what is to come has a date, however near', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  expect(ago(new Date('2026-11-21T12:00:04Z'), now, 'en')).toBe('now');
  expect(ago(new Date('2026-11-21T12:00:25Z'), now, 'en')).toMatch(/^21 Nov 2026, \d\d:00:25$/);
  expect(ago(new Date('2026-11-21T12:00:25Z'), now, 'zh-CN')).toMatch(/^2026年11月21日 \d\d:00:25$/);
  expect(ago(new Date('2026-11-21T15:00:00Z'), now, 'en')).toMatch(/^21 Nov 2026/);
});
