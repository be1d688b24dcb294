// Comments below a video, as the site gives them.

export interface CommentToken {
  t: 'text' | 'mention' | 'link' | 'time';
  v: string;
  /** Of a time: seconds of the video. */
  at?: number;
}

export interface VideoComment {
  id: number;
  at: string;
  /** A guest has no account: their name is no address, and empty when they are forgotten. */
  author: { name: string; display: string; avatar?: string; owner: boolean; guest?: true };
  tokens: CommentToken[];
  mine: boolean;
  removable: boolean;
}

export interface CommentPage {
  open: boolean;
  count: number;
  /** The newest first. */
  comments: VideoComment[];
  /** Where to go on; nothing at the end. */
  next?: number;
}
