// What the server says about live channels.

export type LiveState = 'OFFLINE' | 'STARTING' | 'LIVE' | 'RECONNECTING' | 'ENDED';

export interface Category {
  slug: string;
  nameEn: string;
  nameZh: string;
}

/** Whether the channel is a camera that plays when somebody asks for it. */
export interface CameraEvent {
  type: 'camera';
  on: boolean;
}

export interface ChannelEvent {
  type: 'channel';
  channel: string;
  state: LiveState;
  /** How this page may watch: by its plain address, by its ticket, or after something else. */
  access: 'open' | 'ticket' | 'account' | 'follow' | 'password';
  broadcastId: string | null;
  startedAt: string | null;
  audioOnly: boolean;
  /** How long a new viewer waits for a picture; 0 when it is not known, null when there is one at once. */
  pictureInMillis: number | null;
  /** The name of the picture's codec, if no browser shows it. */
  unseen: string | null;
  /** The name of the sound's codec, if no browser plays it. */
  unheard: string | null;
  /** The names of its codecs, if no browser plays any of them. */
  unplayable: string[];
  displayName: string;
  title: string;
  category: Category | null;
  tags: string[];
  language: string;
  mature: boolean;
  followers: number;
  viewers: number;
}

export interface DirectoryEvent {
  type: 'directory';
  live: number;
  viewers: Record<string, number>;
}

export interface Suggestions {
  channels: { channel: string; displayName: string; avatar?: string; title: string; tag?: string; live: boolean }[];
  tags: string[];
  categories: Category[];
}
