import { expect, test } from 'vitest';
import { codecName, undecodable } from './codecs';

test('what a browser cannot decode is called by its name', () => {
  const playlist = '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="hvc1.1.6.L93.B0,mp4a.40.2"\nv0.m3u8\n';
  expect(undecodable(playlist, (type) => !type.includes('hvc1'))).toEqual(['H.265']);
  expect(undecodable(playlist, () => true)).toEqual([]);
});

test('a codec without a name keeps its code', () => {
  expect(codecName('xyz9')).toBe('xyz9');
  expect(codecName('mp4a.40.34')).toBe('MP3');
});
