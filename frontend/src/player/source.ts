// Where picture and sound come from: what a source is told and tells, whatever way it is played.

/** How the viewer wants to watch. */
export type LatencyMode = 'instant' | 'low' | 'normal' | 'stable';

/**
 * Why it is not instant: pictures that WebRTC cannot put in order, a codec of one of both that the other lacks, sound that would not be
 * heard, a server or a browser without WebRTC, packets that do not come through, or an answer that did not come in time.
 */
export type InstantRefusal = 'b-frames' | 'codec' | 'sound' | 'off' | 'browser' | 'blocked' | 'late';

export interface Wish {
  latency: LatencyMode;
  /** What takes the place of instant where that cannot be. */
  otherwise?: Exclude<LatencyMode, 'instant'>;
  audioOnly: boolean;
  /** Height of the picture; undefined lets the player choose. */
  height: number | undefined;
  /** By the browser's own player and not by ours: it can hand an address to a screen. */
  browser?: boolean;
}

/** What "statistics for nerds" shows. */
export interface SourceFacts {
  protocol: string;
  codecs: string;
  /** Bits per second. */
  bitrate: number | undefined;
  /** Of WebRTC alone: the way there and back and what the browser holds, in seconds; of its packets those that were lost, 0 to 1. */
  instant?: { trip: number | undefined; buffer: number | undefined; loss: number };
}

/** Wall clock times, in milliseconds since 1970, by the clock of whoever sends. */
export interface Span {
  /** Of the picture that is shown. */
  shown: number;
  /** The first that can be shown without another source. */
  from: number;
  /** The last that there is. */
  to: number;
  /** By the clock of this machine instead, which may be wrong. */
  guessed?: true;
}

/** Lasts as long as the lifetime that it was opened in. */
export interface Source {
  /** Seconds between the wall clock at the encoder's picture and now, or behind the live edge, if known. */
  latency(): number | undefined;
  /** How far behind live it means to be, in seconds. */
  target(): number;
  jumpToLive(): void;
  /** Undefined while it is not known. */
  span(): Span | undefined;
  /** Shows what was on air at a time within the span. */
  show(wall: number): void;
  /** Heights of the pictures to choose from, the largest first; empty when there is no choice. */
  heights(): number[];
  choose(height: number | undefined): void;
  facts(): SourceFacts;
}

/** Where to begin: at live where it says nothing. */
export interface Place {
  wall: number;
  /** By the clock of this machine, which may be wrong. */
  guessed: boolean;
}

/** Where to begin in what was kept: at a wall clock time, or so many seconds into the media. */
export type Beginning = Place | { media: number };

/** Of what was kept. */
export interface KeptSource extends Source {
  /** The wall clock of a place in the media, in milliseconds; undefined while it is not known. */
  wall(): number | undefined;
  /** Its first place, in seconds of media. */
  first(): number;
  /** Nothing is added to it any more. */
  complete(): boolean;
}

export interface SourceEvents {
  /** It cannot go on by itself: make another. */
  failed(): void;
  /** The browser cannot decode it: names of codecs, if known. */
  unsupported(codecs: string[]): void;
  /** What can be chosen has changed. */
  changed(): void;
  /** It is not instant, but plays otherwise. */
  refused?(why: InstantRefusal): void;
}

/** For what cannot be played, and for what nobody wants any more. */
export function nothing(): Source {
  return {
    latency: () => undefined,
    target: () => 0,
    jumpToLive: () => {},
    span: () => undefined,
    show: () => {},
    heights: () => [],
    choose: () => {},
    facts: () => ({ protocol: '', codecs: '', bitrate: undefined }),
  };
}

/** The same of what was kept. */
export function nothingKept(): KeptSource {
  return { ...nothing(), wall: () => undefined, first: () => 0, complete: () => true };
}
