// What a room says, and what is said to it.

export interface Author {
  name: string;
  display: string;
  hue: number;
  avatar: string | null;
  badges: ('owner' | 'moderator' | 'admin')[];
}

export interface Token {
  t: 'text' | 'mention' | 'link' | 'emote';
  v: string;
  src?: string;
}

export interface ChatLine {
  seq: number;
  at: string;
  author: Author;
  tokens: Token[];
  reply?: { seq: number; name: string; text: string };
}

export interface Emote {
  code: string;
  src: string;
}

export interface RoomSettings {
  writers: 'EVERYONE' | 'VERIFIED' | 'FOLLOWERS' | 'NOBODY';
  followMinutes: number;
  slowSeconds: number;
  links: 'ALLOWED' | 'HELD' | 'BLOCKED';
  allowDuplicates: boolean;
}

export interface HeldLine {
  id: number;
  at: string;
  author: Author;
  tokens: Token[];
}

export type RoomMessage =
  | { type: 'room'; settings: RoomSettings; emotes: Emote[] }
  | { type: 'you'; name: string | null; keeper: boolean }
  | { type: 'history'; resumed: boolean; missed: number; lines: ChatLine[] }
  | { type: 'lines'; lines: ChatLine[] }
  | { type: 'said'; id: string; seq: number }
  | { type: 'not-said'; id: string; reason: string; retryMillis: number; number: number | null }
  | { type: 'waits'; id: string }
  | { type: 'refused' };
