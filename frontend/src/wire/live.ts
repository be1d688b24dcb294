// What the server says about live channels.

export type LiveState = 'OFFLINE' | 'STARTING' | 'LIVE' | 'RECONNECTING' | 'ENDED';

export interface ChannelMessage {
  channel: string;
  state: LiveState;
  broadcastId: string | null;
  startedAt: string | null;
  audioOnly: boolean;
  title: string;
  viewers: number;
}

export interface LiveCard {
  channel: string;
  title: string;
  viewers: number;
  audioOnly: boolean;
  startedAt: string;
}

export interface DirectoryMessage {
  live: LiveCard[];
}
