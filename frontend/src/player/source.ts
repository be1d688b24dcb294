// Where picture and sound come from: an address, a way to play it, and how far behind live it may be.
import type { Lifetime } from '../core/lifetime';

/** How the viewer wants to watch. */
export type LatencyMode = 'low' | 'normal' | 'stable';

export interface Wish {
  latency: LatencyMode;
  audioOnly: boolean;
  /** Height of the picture; undefined lets the player choose. */
  height: number | undefined;
}

/** What "statistics for nerds" shows. */
export interface SourceFacts {
  protocol: string;
  codecs: string;
  /** Bits per second. */
  bitrate: number | undefined;
}

/** Lasts as long as the lifetime that it was opened in. */
export interface Source {
  /** Seconds between the wall clock at the encoder's picture and now, or behind the live edge, if known. */
  latency(): number | undefined;
  /** How far behind live it means to be, in seconds. */
  target(): number;
  jumpToLive(): void;
  /** Heights of the pictures to choose from, the largest first; empty when there is no choice. */
  heights(): number[];
  choose(height: number | undefined): void;
  facts(): SourceFacts;
}

export interface SourceEvents {
  /** It cannot go on by itself: make another. */
  failed(): void;
  /** The browser cannot decode it: names of codecs, if known. */
  unsupported(codecs: string[]): void;
  /** What can be chosen has changed. */
  changed(): void;
}

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

/** For what cannot be played, and for what nobody wants any more. */
export function nothing(): Source {
  return {
    latency: () => undefined,
    target: () => 0,
    jumpToLive: () => {},
    heights: () => [],
    choose: () => {},
    facts: () => ({ protocol: '', codecs: '', bitrate: undefined }),
  };
}

/** The address with a parameter more. */
export function withParameter(address: string, name: string, value: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${name}=${value}`;
}

/** The same stream over a WebSocket, as FLV. */
export function webSocketAddress(address: string, audioOnly: boolean): string {
  const flv = address.replace(/^http/, 'ws').replace(/\.m3u8(?=\?|$)/, '.flv');
  return audioOnly ? withParameter(flv, 'audio', 'only') : flv;
}

const NAMES: [RegExp, string][] = [
  [/^(hvc1|hev1)/, 'H.265'],
  [/^avc[13]/, 'H.264'],
  [/^av01/, 'AV1'],
  [/^vp09/, 'VP9'],
  [/^mp4a\.40\.34/, 'MP3'],
  [/^mp4a/, 'AAC'],
  [/^opus/i, 'Opus'],
  [/^flac/i, 'FLAC'],
  [/^ac-3/, 'AC-3'],
  [/^ec-3/, 'E-AC-3'],
];

/** The name people know a codec by. */
export function codecName(codec: string): string {
  return NAMES.find(([pattern]) => pattern.test(codec))?.[1] ?? codec;
}

/** The names of those codecs of a multivariant playlist that this browser cannot decode. */
export function undecodable(playlist: string, decodes: (type: string) => boolean): string[] {
  const codecs = new Set(
    [...playlist.matchAll(/CODECS="([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split(',').filter(Boolean)),
  );
  return [...codecs]
    .filter((codec) => !decodes(`${/^(avc|hvc|hev|av01|vp0)/.test(codec) ? 'video' : 'audio'}/mp4; codecs="${codec}"`))
    .map(codecName);
}
