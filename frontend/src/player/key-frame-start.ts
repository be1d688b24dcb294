// Where to begin in a live playlist, so that there is a picture at once: players that begin near the live edge fetch everything since the
// last key frame, part by part, before they show anything; and where a group of pictures is longer than a segment, they may begin in a
// segment without a key frame and show nothing until the next one.

/** So far behind the live edge a key frame is decoded in passing: begin at the edge. */
const NEAR = 3;

interface Piece {
  start: number;
  /** The segment that it belongs to, counted from the playlist's beginning. */
  segment: number;
}

/**
 * The playlist with the place in it where to begin (EXT-X-START); as it is where a player finds a good one by itself.
 *
 * @param parts the player fetches parts, and means to be as near to the end as they allow
 */
export function withStart(playlist: string, parts: boolean): string {
  if (playlist.includes('#EXT-X-ENDLIST') || playlist.includes('#EXT-X-START:')) {
    return playlist;
  }
  const behind = Number((parts ? /PART-HOLD-BACK=([\d.]+)/ : /[:,]HOLD-BACK=([\d.]+)/).exec(playlist)?.[1]);
  const { pieces, segments, end } = independent(playlist);
  const edge = Math.max(end - behind, 0);
  const first = pieces[0];
  if (Number.isNaN(edge) || !first) {
    return playlist;
  }
  const begin = pieces.findLast((piece) => piece.start <= edge) ?? first;
  const wanted = segments.findLastIndex((start) => start <= edge);
  if (begin.start <= edge && edge - begin.start <= NEAR && begin.segment === wanted) {
    return playlist;
  }
  // A little behind the beginning rather than a little before it, which is the segment before.
  const offset = (Math.ceil(begin.start * 1_000) / 1_000).toFixed(3);
  return playlist.replace('#EXTM3U\n', `#EXTM3U\n#EXT-X-START:TIME-OFFSET=${offset}\n`);
}

/** The parts that begin with a key frame, where segments begin, and where all ends, in seconds from the playlist's beginning. */
function independent(playlist: string): { pieces: Piece[]; segments: number[]; end: number } {
  const pieces: Piece[] = [];
  const segments: number[] = [0];
  let start = 0;
  let inParts = 0;
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PART:')) {
      if (line.includes('INDEPENDENT=YES')) {
        pieces.push({ start: start + inParts, segment: segments.length - 1 });
      }
      inParts += Number(/DURATION=([\d.]+)/.exec(line)?.[1] ?? 0);
    } else if (line.startsWith('#EXTINF:')) {
      start += Number.parseFloat(line.slice('#EXTINF:'.length));
      inParts = 0;
      segments.push(start);
    }
  }
  return { pieces, segments, end: start + inParts };
}
