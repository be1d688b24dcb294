import { describe, expect, test } from 'vitest';
import { AirClock, endOf, mediaAt, type Piece, piecesOf, startingAt, wallAt } from './timeline';

const NOON = Date.parse('2026-11-27T12:00:00.000Z');

/** Two stretches of twelve seconds with a break of a minute between them, which takes no time of the media. */
const PIECES: Piece[] = [
  { start: 0, duration: 6, wall: NOON },
  { start: 6, duration: 6, wall: NOON + 6_000 },
  { start: 12, duration: 6, wall: NOON + 72_000 },
  { start: 18, duration: 6, wall: NOON + 78_000 },
];

describe('media time and the wall clock', () => {
  test.each([
    [0, 0],
    [5.5, 5_500],
    [6, 6_000],
    [11.9, 11_900],
    // The break lies between these two.
    [12, 72_000],
    [20, 80_000],
    // What came since the list was read.
    [25, 85_000],
    [-1, -1_000],
  ])('%s s of media were on air %s ms after noon', (media, wall) => {
    expect(wallAt(PIECES, media)).toBeCloseTo(NOON + wall, 3);
  });

  test.each([
    [-5_000, 0],
    [0, 0],
    [9_000, 9],
    [12_000, 12],
    [40_000, 12],
    [73_500, 13.5],
    [84_000, 24],
    [999_000, 24],
  ])('what was on air %s ms after noon is at %s s of media', (wall, media) => {
    expect(mediaAt(PIECES, NOON + wall)).toBeCloseTo(media, 6);
  });

  test('every place outside a break comes back to itself', () => {
    for (let media = 0; media < 24; media += 0.37) {
      expect(mediaAt(PIECES, wallAt(PIECES, media) as number)).toBeCloseTo(media, 6);
    }
  });

  test('without pieces there is nothing to say', () => {
    expect([wallAt([], 1), mediaAt([], NOON), endOf([])]).toEqual([undefined, undefined, undefined]);
  });
});

const PLAYLIST = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:6
#EXT-X-MAP:URI="i.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-27T12:00:00.000Z
#EXTINF:6.000,
1.m4s
#EXTINF:6.000,
2.m4s
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-27T12:01:12.000+00:00
#EXTINF:6.000,
3.m4s
#EXTINF:6.000,
4.m4s
`;

describe('a playlist', () => {
  test('says when its pieces were on air', () => {
    expect(piecesOf(PLAYLIST)).toEqual(PIECES);
    expect(piecesOf(PLAYLIST.replaceAll('\n', '\r\n'))).toEqual(PIECES);
    expect(piecesOf('#EXTM3U\n#EXTINF:2,\na.m4s\n')).toEqual([]);
  });

  const begins = (text: string) => /^#EXT-X-START:TIME-OFFSET=([\d.]+),PRECISE=YES$/m.exec(text)?.[1];

  test('begins where somebody wants', () => {
    const wanted = startingAt(PLAYLIST, NOON + 74_000, false, NOON + 90_000);
    expect(begins(wanted)).toBe('14.000');
    expect(begins(startingAt(wanted, NOON + 3_000, false, NOON))).toBe('3.000');
    expect(wanted.match(/EXT-X-START/g)).toHaveLength(1);
    expect(startingAt('#EXTM3U\n', NOON, false, NOON)).toBe('#EXTM3U\n');
  });

  test('begins so far behind what is on air, when the clock of the machine is an hour off', () => {
    const hour = 3_600_000;
    // Ten seconds before what is on air, which the list trails by six.
    expect(begins(startingAt(PLAYLIST, NOON + hour + 80_000, true, NOON + hour + 90_000))).toBe('20.000');
    expect(begins(startingAt(PLAYLIST, NOON + 80_000, true, NOON + 90_000))).toBe('20.000');
  });
});

test('what is on air is known by the nearest that was seen of it', () => {
  const clock = new AirClock();
  expect(clock.known).toBe(false);
  expect(clock.now(5_000)).toBe(5_000);
  clock.seen(NOON, 1_000);
  clock.seen(NOON + 1_000, 2_500);
  expect(clock.known).toBe(true);
  expect(clock.now(3_000)).toBe(NOON + 2_000);
});
