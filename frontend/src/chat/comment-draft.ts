// What somebody has begun to write below a video: kept by the browser until it is sent, for the last video alone.
import { remember, remembered } from '../core/storage';

interface Draft {
  video: string;
  text: string;
}

const KEY = 'comment-draft';
const NONE: Draft = { video: '', text: '' };

export function draftFor(video: string): string {
  const draft = remembered<Draft>(KEY, NONE);
  return draft.video === video ? draft.text : '';
}

/** An empty one forgets it. */
export function keepDraft(video: string, text: string): void {
  remember(KEY, text.trim() === '' ? NONE : { video, text });
}
