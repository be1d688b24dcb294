// The dates of a list of what was kept, straightened for hls.js while it puts lists beside each other. It takes one date from the middle of one
// list and one from the beginning of the other, as if the media between them had taken as long as the wall clock went on. Where an encoder's clock
// is fast, or the network held a moment back, that is not so: the sound was fetched from elsewhere than the picture, and a preview stayed dark.
import type { Fragment } from 'hls.js';

const DATE = '#EXT-X-PROGRAM-DATE-TIME:';
const TRUE_DATE = 'X-TRUE-DATE';

/** The list as if between two breaks all media had been made at the speed of the wall clock; each true date stands beside. */
export function straightDates(playlist: string): string {
  let wall: number | undefined;
  const lines: string[] = [];
  for (const line of playlist.split('\n')) {
    if (line.startsWith(DATE)) {
      const said = line.slice(DATE.length).trim();
      wall ??= Date.parse(said);
      lines.push(`#${TRUE_DATE}:${said}`, `${DATE}${Number.isNaN(wall) ? said : new Date(wall).toISOString()}`);
      continue;
    }
    if (line.startsWith('#EXT-X-DISCONTINUITY') && !line.includes('SEQUENCE')) {
      wall = undefined;
    } else if (line.startsWith('#EXTINF:') && wall !== undefined) {
      wall += 1_000 * Number.parseFloat(line.slice('#EXTINF:'.length));
    }
    lines.push(line);
  }
  return lines.join('\n');
}

/** What the list said of a piece itself, in milliseconds since 1970; undefined where that was nothing. */
export function trueDate(piece: Pick<Fragment, 'tagList'>): number | undefined {
  const said = piece.tagList.find(([tag]) => tag === TRUE_DATE)?.[1];
  return said === undefined ? undefined : Date.parse(said);
}
