// What the server says about an encoder.
import type { LiveState } from './live';

export interface Video {
  codec: string;
  width: number;
  height: number;
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

export interface EncoderEvent {
  type: 'encoder';
  state: LiveState;
  encoder: { name: string; remote: string } | null;
  video: Video | null;
  audio: Audio | null;
  bitrate: number;
  frameRate: number;
  keyIntervalMillis: number;
  viewers: number;
  warnings: string[];
  /** What the encoder sends and nobody gets. */
  leftOut: LeftOut[];
  /** How often the engine mended something, by kind. */
  repairs: Record<string, number>;
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
}

export interface AdminEvent {
  type: 'live';
  live: AdminLive[];
  openCases: number;
}
