// The steps from nothing to being on air.
import type { EncoderEvent } from '../wire/studio';

/** What is done, of the steps in their order. */
export function done(now: EncoderEvent): Record<string, boolean> {
  const here = now.encoder !== null;
  return {
    connected: here,
    video: here && now.video !== null,
    sound: here && now.audio !== null,
    key: here && now.keyIntervalMillis > 0,
    live: now.state === 'LIVE',
  };
}
