// Chooses how a stream is played, and fetches what plays it.
import type { Lifetime } from '../core/lifetime';
import { recordAddress, withParameter } from './addresses';
import { nothing, type Place, type Source, type SourceEvents, type Wish } from './source';

/** Where to begin, and whether what is there is past for those who play what is live. */
export interface From {
  place: Place;
  kept: boolean;
}

/** Opens a channel's stream; `address` is that of its multivariant playlist, with its query. */
export async function openSource(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
  from?: From,
): Promise<Source> {
  if (from?.kept) {
    const { recordSource } = await import('./record-source');
    const all = recordAddress(address);
    const url = wish.audioOnly ? withParameter(all, 'audio', 'only') : all;
    return life.over ? nothing() : recordSource(video, url, from.place, wish, life, events);
  }
  const instant = wish.latency === 'instant';
  if (instant && !from && !wish.browser) {
    const { whepSource } = await import('./whep-source');
    const source = life.over ? nothing() : await whepSource(video, address, wish, life, events);
    if (source) {
      return source;
    }
  }
  const low = wish.latency === 'low' || (instant && wish.otherwise === 'low');
  if (low && !from && !wish.browser) {
    const { flvSource } = await import('./flv-source');
    const source = life.over ? nothing() : flvSource(video, address, wish, life, events);
    if (source) {
      return source;
    }
  }
  const { hlsSource } = await import('./hls-source');
  return life.over ? nothing() : hlsSource(video, address, wish, life, events, from?.place);
}
