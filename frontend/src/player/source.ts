// Where picture and sound come from: what a source is told and tells, whatever way it is played.

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
