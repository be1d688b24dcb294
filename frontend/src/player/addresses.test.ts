import { expect, test } from 'vitest';
import { castAddress, storyboardAddress, webSocketAddress, withParameter } from './addresses';

test('a stream has an address for WebSockets', () => {
  expect(webSocketAddress('https://live.example.org/live/anna.m3u8?v=12345678', false)).toBe(
    'wss://live.example.org/live/anna.flv?v=12345678',
  );
  expect(webSocketAddress('http://localhost:8081/t/abc/live/anna.m3u8', true)).toBe(
    'ws://localhost:8081/t/abc/live/anna.flv?audio=only',
  );
});

test('a screen gets the same stream in MPEG-TS, with the ticket and whatever else was in the address', () => {
  expect(castAddress('http://localhost:8081/t/abc/live/anna.m3u8?v=12345678&audio=only')).toBe(
    'http://localhost:8081/t/abc/live/anna.ts.m3u8?v=12345678&audio=only',
  );
});

test('parameters are joined as they must be', () => {
  expect(withParameter('/a', 'b', 'c')).toBe('/a?b=c');
  expect(withParameter('/a?x=y', 'b', 'c')).toBe('/a?x=y&b=c');
});

test('the small pictures of what is live, and of a video, stand beside their lists', () => {
  expect(storyboardAddress('https://x/live/anna.m3u8?window=60')).toBe('https://x/live/anna.storyboard.vtt?window=60');
  expect(storyboardAddress('https://x/t/abc/videos/AbC/index.m3u8')).toBe('https://x/t/abc/videos/AbC/storyboard.vtt');
});
