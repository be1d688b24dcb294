// What the server says about an encoder.
import type { LiveState } from './live';

export interface Video {
  codec: string;
  width: number;
  height: number;
  /** Pages can show it. */
  inBrowsers: boolean;
}

export interface Audio {
  codec: string;
  sampleRate: number;
  channels: number;
}

export interface LeftOut {
  kind: 'AUDIO_BROKEN' | 'AUDIO_UNSUPPORTED' | 'VIDEO_BROKEN' | 'VIDEO_UNSUPPORTED';
  what: string;
}

/** How packets come through that may be lost on the way. */
export interface Link {
  roundTripMillis: number | null;
  /** Of the last ten seconds. */
  lostPercent: number;
  retransmitted: number;
  dropped: number;
  bufferedMillis: number | null;
}

export interface EncoderEvent {
  type: 'encoder';
  state: LiveState;
  /** When it went live. */
  startedAt: string | null;
  encoder: { name: string; remote: string } | null;
  /** What people call the program that sends; empty while that is not known. */
  program: string;
  /** Of the key that is in use. */
  keyId: number | null;
  video: Video | null;
  audio: Audio | null;
  bitrate: number;
  frameRate: number;
  keyIntervalMillis: number;
  viewers: number;
  peakViewers: number;
  warnings: string[];
  /** What was found and what is wanted in its place, by warning. */
  measured: Record<string, { is: string; wanted: string }>;
  /** What the encoder sends and nobody gets. */
  leftOut: LeftOut[];
  /** How often the engine mended something, by kind. */
  repairs: Record<string, number>;
  /** Null where no packets can be lost. */
  link: Link | null;
}

/** Figures of the last minutes, the oldest first: kilobits and frames per second. */
export interface HistoryEvent {
  type: 'history';
  stepMillis: number;
  bitrates: number[];
  frameRates: number[];
}

export interface Attempt {
  at: string;
  outcome: 'PUBLISHED' | 'REFUSED' | 'ENDED';
  cause: string | null;
  keyName: string | null;
  keyPrefix: string | null;
  encoder: string;
  remote: string;
}

export interface AttemptsEvent {
  type: 'attempts';
  attempts: Attempt[];
}

export interface AdminLive {
  channel: string;
  title: string;
  state: LiveState;
  startedAt: string;
  thumbnail: string | null;
  media: string;
  viewers: number;
  bitrate: number;
  accountDays: number;
  reports: number;
  trouble: 'MEDIA_STALLED' | 'NO_MEDIA' | null;
}

export interface AdminEvent {
  type: 'live';
  live: AdminLive[];
  openCases: number;
}
