import { expect, test } from 'vitest';
import { codecName, undecodable, webSocketAddress, withParameter } from './source';

test('a stream has an address for WebSockets', () => {
  expect(webSocketAddress('https://live.example.org/live/anna.m3u8?v=12345678', false)).toBe(
    'wss://live.example.org/live/anna.flv?v=12345678',
  );
  expect(webSocketAddress('http://localhost:8081/t/abc/live/anna.m3u8', true)).toBe(
    'ws://localhost:8081/t/abc/live/anna.flv?audio=only',
  );
});

test('parameters are joined as they must be', () => {
  expect(withParameter('/a', 'b', 'c')).toBe('/a?b=c');
  expect(withParameter('/a?x=y', 'b', 'c')).toBe('/a?x=y&b=c');
});

test('what a browser cannot decode is called by its name', () => {
  const playlist = '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="hvc1.1.6.L93.B0,mp4a.40.2"\nv0.m3u8\n';
  expect(undecodable(playlist, (type) => !type.includes('hvc1'))).toEqual(['H.265']);
  expect(undecodable(playlist, () => true)).toEqual([]);
});

test('a codec without a name keeps its code', () => {
  expect(codecName('xyz9')).toBe('xyz9');
  expect(codecName('mp4a.40.34')).toBe('MP3');
});
