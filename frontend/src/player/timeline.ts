// Media time and the wall clock. A list says of each of its pieces when it was on air; between two pieces there may have been a break, which
// takes no time of the media.

/** A piece of a list. */
export interface Piece {
  /** Where it begins in the media, in seconds. */
  start: number;
  /** Seconds. */
  duration: number;
  /** The wall clock of its first picture, in milliseconds since 1970. */
  wall: number;
}

/** Times of two pieces do not meet to the last digit. */
const SLACK_SECONDS = 0.001;

/** The wall clock of a place in the media; undefined without pieces. */
export function wallAt(pieces: readonly Piece[], media: number): number | undefined {
  const piece = pieces.findLast((one) => one.start <= media + SLACK_SECONDS) ?? pieces[0];
  return piece && piece.wall + (media - piece.start) * 1_000;
}

/** Where in the media a wall clock time is: in a break where it goes on, before the beginning there, behind the end there. */
export function mediaAt(pieces: readonly Piece[], wall: number): number | undefined {
  const piece = pieces.find((one) => one.wall + one.duration * 1_000 > wall);
  if (!piece) {
    const last = pieces.at(-1);
    return last && last.start + last.duration;
  }
  return piece.start + Math.max(0, (wall - piece.wall) / 1_000);
}

/** The wall clock at the end of the last piece. */
export function endOf(pieces: readonly Piece[]): number | undefined {
  const last = pieces.at(-1);
  return last && last.wall + last.duration * 1_000;
}

/** The pieces of a media playlist. One that does not say when it was goes on from the one before. */
export function piecesOf(playlist: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let said: number | undefined;
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) {
      said = Date.parse(line.slice('#EXT-X-PROGRAM-DATE-TIME:'.length).trim());
    } else if (line.startsWith('#EXTINF:')) {
      const duration = Number.parseFloat(line.slice('#EXTINF:'.length)) || 0;
      const wall = said ?? endOf(pieces);
      if (wall !== undefined && !Number.isNaN(wall)) {
        pieces.push({ start, duration, wall });
      }
      start += duration;
      said = undefined;
    }
  }
  return pieces;
}

/** A list that ends so far from what this machine's clock says, with its own lag, was told by another clock. */
const FOREIGN_MILLIS = 30_000;
/** How far a list of whole segments ends behind what is on air. */
const USUAL_LAG_MILLIS = 6_000;

/**
 * The playlist with the place in it where to begin (EXT-X-START).
 *
 * @param guessed the time is of this machine's clock, which may be wrong: `now` says what it is there
 */
export function startingAt(playlist: string, wall: number, guessed: boolean, now: number): string {
  const pieces = piecesOf(playlist);
  const end = endOf(pieces);
  if (end === undefined) {
    return playlist;
  }
  const foreign = guessed && Math.abs(now - end) > FOREIGN_MILLIS ? end + USUAL_LAG_MILLIS - now : 0;
  const offset = (mediaAt(pieces, wall + foreign) ?? 0).toFixed(3);
  return playlist
    .replace(/#EXT-X-START:.*\n/, '')
    .replace('#EXTM3U\n', `#EXTM3U\n#EXT-X-START:TIME-OFFSET=${offset},PRECISE=YES\n`);
}

/** What is on air at this moment by the clock of whoever sends it, however wrong the clock of this machine is. */
export class AirClock {
  private ahead: number | undefined;

  /** So much is there already. The nearest that was ever seen is the truth. */
  seen(end: number, now: number): void {
    this.ahead = Math.max(this.ahead ?? Number.NEGATIVE_INFINITY, end - now);
  }

  /** By what this machine's clock says where nothing was seen yet. */
  now(now: number): number {
    return now + (this.ahead ?? 0);
  }

  get known(): boolean {
    return this.ahead !== undefined;
  }
}
