// What the server says about the person who is signed in.

export interface Notice {
  id: number;
  channel: string;
  displayName: string;
  avatar?: string;
  title: string;
  at: string;
  read: boolean;
}

export interface MeMessage {
  unread: number;
  followedLive: number;
  notices: Notice[];
}
