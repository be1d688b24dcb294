// Chooses how a stream is played, and fetches what plays it.
import type { Lifetime } from '../core/lifetime';
import { nothing, type Source, type SourceEvents, type Wish } from './source';

/** Opens a channel's stream; `address` is that of its multivariant playlist, with its query. */
export async function openSource(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
): Promise<Source> {
  if (wish.latency === 'low') {
    const { flvSource } = await import('./flv-source');
    const source = life.over ? nothing() : flvSource(video, address, wish, life, events);
    if (source) {
      return source;
    }
  }
  const { hlsSource } = await import('./hls-source');
  return hlsSource(video, address, wish, life, events);
}
