import { expect, test } from 'vitest';
import { measure, NOTHING } from './health';

const report = (at: number, bytes: number, more: object = {}): [string, unknown][] => [
  [
    'v',
    {
      type: 'outbound-rtp',
      kind: 'video',
      timestamp: at,
      bytesSent: bytes,
      frameWidth: 1280,
      frameHeight: 720,
      framesPerSecond: 29.6,
      ...more,
    },
  ],
  ['a', { type: 'outbound-rtp', kind: 'audio', timestamp: at, bytesSent: 1_000 }],
  ['r', { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.02 }],
  ['s', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0 }],
];

test('a rate is that of what was sent since, and the worst loss counts', () => {
  const first = measure(report(1_000, 100_000), NOTHING);
  expect(first.health?.bitrate).toBe(0);
  const second = measure(report(3_000, 600_000, { qualityLimitationReason: 'bandwidth' }), first);
  expect(second.health).toEqual({
    width: 1280,
    height: 720,
    fps: 30,
    bitrate: 2_000_000,
    lost: 0.02,
    limited: 'bandwidth',
  });
});

test('a report without a picture says nothing new, and another reason limits nothing', () => {
  const known = measure(report(1_000, 1, { qualityLimitationReason: 'other' }), NOTHING);
  expect(known.health?.limited).toBe('none');
  expect(measure([], known)).toBe(known);
});
