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
  /** It is gone for everybody but those who keep order. */
  removed?: boolean;
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

export type Right = 'DELETE' | 'TIMEOUT' | 'BAN' | 'UNBAN' | 'SETTINGS' | 'INFO';

/** What keeps somebody from writing. */
export interface Sanction {
  username: string;
  kind: 'TIMEOUT' | 'BAN';
  until: string | null;
  broadcast: boolean;
  reason: string;
}

/** What one of those who keep order did, or the site by itself. */
export interface ChatAction {
  id: number;
  actor: string;
  kind: string;
  target: string;
  excerpt: string;
  reason: string;
  until: string | null;
  at: string;
  undone: boolean;
}

export interface ActAnswer {
  action: ChatAction;
  said: string;
  undoable: boolean;
}

export interface PersonCard {
  name: string;
  display: string;
  avatar?: string;
  joined: string;
  followedSince?: string;
  comments: number;
  suspended: boolean;
  protectedPerson: boolean;
  sanction?: Sanction;
  actions: ChatAction[];
}

export interface HeldLine {
  id: number;
  at: string;
  author: Author;
  tokens: Token[];
  reason: 'links' | 'words';
}

export type RoomMessage =
  | { type: 'room'; settings: RoomSettings; emotes: Emote[]; pinned?: ChatLine; shieldHours: number }
  | { type: 'you'; name?: string | null; keeper: boolean; rights: Right[]; sanction?: Sanction }
  | { type: 'history'; resumed: boolean; missed: number; lines: ChatLine[]; removed: number[] }
  | { type: 'removed'; seqs: number[] }
  | { type: 'restored'; lines: ChatLine[] }
  | { type: 'warned'; reason: string }
  | { type: 'lines'; lines: ChatLine[] }
  | { type: 'said'; id: string; seq: number }
  | { type: 'not-said'; id: string; reason: string; retryMillis: number; number: number | null }
  | { type: 'waits'; id: string }
  | { type: 'refused' };
