// What the page of a video tells its player.

export interface VideoIsland {
  id: string;
  /** It is a clip: nobody's place in it is kept. */
  clip?: boolean;
  /** The address of its multivariant playlist. */
  playlist: string;
  /** The wall clock at its first picture. */
  startedAt: string;
  durationMillis: number;
  chapters?: { atMillis: number; title: string }[];
  /** Stretches that were not kept; they take no time of the video. */
  gaps?: { atMillis: number; lostMillis: number }[];
  /** Where the page's person was; null at the beginning. */
  positionMillis?: number | null;
  /** Where it is told that somebody watches. */
  view?: string;
  /** What comes after it. */
  next?: { href: string; title: string };
}
