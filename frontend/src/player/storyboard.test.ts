import { expect, test } from 'vitest';
import { cueAt, cues } from './storyboard';

const LIST = `WEBVTT

1700000000000
00:00:00.000 --> 00:00:10.000
v0-0.jpg#xywh=0,0,160,90

1700000010000
00:00:10.000 --> 00:00:14.500
v0-0.jpg#xywh=160,0,160,90

1700000100000
01:00:00.000 --> 01:00:10.250
v0-1.jpg#xywh=0,90,50,90
`;

test('each cue names a region of a sheet, beside the list', () => {
  const all = cues(LIST, 'https://media.example/videos/abc/storyboard.vtt');
  expect(all).toHaveLength(3);
  expect(all[1]).toEqual({
    wall: 1_700_000_010_000,
    from: 10_000,
    to: 14_500,
    sheet: 'https://media.example/videos/abc/v0-0.jpg',
    x: 160,
    y: 0,
    width: 160,
    height: 90,
  });
  expect(all[2]).toMatchObject({ from: 3_600_000, to: 3_610_250, y: 90, width: 50 });
  expect(cues('<html>', 'https://media.example/')).toEqual([]);
});

test('a moment has the picture before it, by either clock, and none where nothing was kept', () => {
  const all = cues(LIST, 'https://media.example/videos/abc/storyboard.vtt');
  expect(cueAt(all, 0, 'media')).toBe(all[0]);
  expect(cueAt(all, 9_999, 'media')).toBe(all[0]);
  expect(cueAt(all, 10_000, 'media')).toBe(all[1]);
  expect(cueAt(all, 14_500, 'media')).toBeUndefined();
  expect(cueAt(all, 3_605_000, 'media')).toBe(all[2]);
  expect(cueAt(all, 1_700_000_012_000, 'wall')).toBe(all[1]);
  expect(cueAt(all, 1_700_000_020_000, 'wall')).toBeUndefined();
  expect(cueAt(all, 1_699_999_995_000, 'wall')).toBe(all[0]);
  expect(cueAt(all, 1_600_000_000_000, 'wall')).toBeUndefined();
  expect(cueAt([], 5, 'media')).toBeUndefined();
});
