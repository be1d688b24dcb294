import { expect, test } from 'vitest';
import type { EncoderEvent } from '../wire/studio';
import { done } from './stream-steps';

const NOTHING: EncoderEvent = {
  type: 'encoder',
  state: 'OFFLINE',
  startedAt: null,
  encoder: null,
  program: '',
  keyId: null,
  video: null,
  audio: null,
  bitrate: 0,
  frameRate: 0,
  keyIntervalMillis: 0,
  viewers: 0,
  peakViewers: 0,
  warnings: [],
  measured: {},
  leftOut: [],
  repairs: {},
  link: null,
};

test('steps are ticked by what came, and by nothing that was there before the encoder left', () => {
  expect(Object.values(done(NOTHING))).toEqual([false, false, false, false, false]);
  const here: EncoderEvent = {
    ...NOTHING,
    state: 'STARTING',
    encoder: { name: 'x', remote: '127.0.0.1' },
    video: { codec: 'H.264', width: 1280, height: 720, inBrowsers: true },
  };
  expect(done(here)).toEqual({ connected: true, video: true, sound: false, key: false, live: false });
  expect(done({ ...here, state: 'LIVE', keyIntervalMillis: 2_000 })).toMatchObject({ key: true, live: true });
  expect(done({ ...here, state: 'RECONNECTING', encoder: null })).toMatchObject({ connected: false, video: false });
});
