// What a room says, and what is said to it.

export interface Author {
  name: string;
  display: string;
  hue: number;
  avatar: string | null;
  /** A guest has no account: their display name may be somebody else's. */
  badges: ('owner' | 'moderator' | 'admin' | 'guest')[];
}

export interface Token {
  t: 'text' | 'mention' | 'link' | 'emote';
  v: string;
  src?: string;
}

/** What a message answers; nothing of it is told once somebody removed it. */
export interface Reply {
  seq: number;
  name: string;
  text: string;
  guest?: boolean;
  removed?: boolean;
}

export interface ChatMessage {
  seq: number;
  at: string;
  author: Author;
  tokens: Token[];
  reply?: Reply;
  /** It is gone for everybody but moderators. */
  removed?: boolean;
}

/** Messages of a time that is past, the oldest first; `more` where there are others that did not fit. */
export interface Said {
  messages: ChatMessage[];
  more: boolean;
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
  guests: boolean;
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

/** What a moderator did, or the site by itself. */
export interface ChatAction {
  id: number;
  actor: string;
  kind: string;
  target: string;
  /** The target is a guest, by the name that they gave themselves. */
  guest: boolean;
  excerpt: string;
  reason: string;
  until: string | null;
  at: string;
  undone: boolean;
}

/** What a moderator wants done; what a kind has no use for is left out. */
export interface ModerationCommand {
  kind: string;
  seq?: number;
  target?: string;
  seconds?: number;
  broadcast?: boolean;
  on?: boolean;
  reason?: string;
}

export interface CommandAnswer {
  action: ChatAction;
  said: string;
  undoable: boolean;
}

export interface PersonCard {
  name: string;
  display: string;
  avatar?: string;
  joined?: string;
  /** Of a guest alone. */
  invite?: string;
  followedSince?: string;
  messages: number;
  suspended: boolean;
  protectedPerson: boolean;
  sanction?: Sanction;
  actions: ChatAction[];
}

/** People of one role who are in a room, and how many others there are. */
export interface Group {
  named: Author[];
  more: number;
}

export interface Present {
  owner: Group;
  moderators: Group;
  staff: Group;
  people: Group;
  invited: Group;
  guests: number;
}

/** What the page's person may know of somebody. */
export interface Card {
  author: Author;
  joined?: string;
  followedSince?: string;
}

export interface HeldMessage {
  id: number;
  at: string;
  author: Author;
  tokens: Token[];
  reason: 'links' | 'words';
}

export type RoomEvent =
  | { type: 'room'; settings: RoomSettings; emotes: Emote[]; pinned?: ChatMessage; shieldHours: number }
  | {
      type: 'you';
      name?: string | null;
      /** As a guest calls themselves. */
      guest?: string;
      moderator: boolean;
      rights: Right[];
      commands?: string[];
      sanction?: Sanction;
    }
  | { type: 'history'; resumed: boolean; missed: number; messages: ChatMessage[]; removed: number[] }
  | { type: 'removed'; seqs: number[] }
  | { type: 'restored'; messages: ChatMessage[] }
  | { type: 'warned'; reason: string }
  | { type: 'messages'; messages: ChatMessage[] }
  | { type: 'said'; id: string; seq: number }
  | { type: 'not-said'; id: string; reason: string; retryMillis: number; number: number | null }
  | { type: 'waits'; id: string };

export interface RoomSays {
  type: 'say';
  id: string;
  text: string;
  replyTo?: number;
}

/** For moderators alone. */
export type HeldEvent =
  | { type: 'held'; messages: HeldMessage[] }
  | { type: 'acted'; action: ChatAction; seqs: number[] };

export interface HeldSays {
  type: 'allow' | 'deny';
  id: number;
  /** Of whoever wrote it nothing waits any more. */
  trust: boolean;
}
