// Where somebody is in a video: kept by the site for those who are signed in, by the browser for others. No document here.
import { remember, remembered } from '../core/storage';

/** So near to the beginning is the beginning. */
const BEGUN_MILLIS = 10_000;
/** So near to the end, it was seen. */
const SEEN_MILLIS = 15_000;
/** More videos than this nobody goes back to. */
const MOST_PLACES = 100;

/** What is worth keeping of a place: 0 for the beginning, also of what was seen to its end. */
export function worthKeeping(millis: number, durationMillis: number, complete: boolean): number {
  return millis < BEGUN_MILLIS || (complete && millis > durationMillis - SEEN_MILLIS) ? 0 : Math.floor(millis);
}

/** `?t=`: 75, 75s, 1m15s, 1h2m3s; undefined for anything else. */
export function askedTime(search: string): number | undefined {
  const asked = new URLSearchParams(search).get('t') ?? '';
  const parts = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s?)?$/.exec(asked);
  if (!parts || asked === '') {
    return undefined;
  }
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1_000;
}

/** Where to begin, in milliseconds: where the address says, else where they were. */
export function beginning(
  asked: number | undefined,
  site: number | null | undefined,
  here: number | undefined,
  durationMillis: number,
): number {
  if (asked !== undefined) {
    return Math.min(asked, Math.max(0, durationMillis - 1_000));
  }
  const place = site ?? here ?? 0;
  return place < durationMillis ? place : 0;
}

type Places = Record<string, number>;

export const placeHere = (video: string): number | undefined => remembered<Places>('places', {})[video];

export function keepHere(video: string, millis: number): void {
  const { [video]: _, ...others } = remembered<Places>('places', {});
  const all = Object.entries(millis > 0 ? { ...others, [video]: millis } : others);
  remember('places', Object.fromEntries(all.slice(-MOST_PLACES)));
}

/** Counts how long somebody has watched, however often they stopped. */
export class Watched {
  private millis = 0;
  private last: number | undefined;

  /** Answers how long, in milliseconds. */
  look(playing: boolean, now: number): number {
    if (playing && this.last !== undefined) {
      this.millis += Math.max(0, now - this.last);
    }
    this.last = playing ? now : undefined;
    return this.millis;
  }
}
