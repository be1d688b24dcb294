// What the server says about the person who is signed in.

export interface Notice {
  id: number;
  kind: string;
  channel: string;
  displayName: string;
  avatar?: string;
  title: string;
  link: string;
  at: string;
  read: boolean;
  /** Of how many it tells. */
  number?: number;
}

export interface MeEvent {
  type: 'me';
  unread: number;
  followedLive: number;
  notices: Notice[];
}

export interface MeSays {
  type: 'read';
}
