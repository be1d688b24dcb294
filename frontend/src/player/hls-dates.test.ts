// Where hls.js puts the sound of a list whose dates and whose media have come apart.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scriptedLoader } from '../testing/scripted-loader';
import { hlsPieces, startingLoader } from './hls-common';
import { straightDates, trueDate } from './hls-dates';

const FIRST_DATE = Date.parse('2026-11-27T10:00:00Z');
const SEGMENTS = 10;

beforeEach(() => {
  vi.stubGlobal('self', globalThis);
  vi.stubGlobal('location', { href: 'http://engine/' });
  class SourceBuffer {
    appendBuffer(): void {}
    remove(): void {}
  }
  vi.stubGlobal(
    'MediaSource',
    Object.assign(() => {}, { isTypeSupported: () => true }),
  );
  vi.stubGlobal('SourceBuffer', SourceBuffer);
});

afterEach(() => vi.unstubAllGlobals());

/** Two seconds of media each, of which an encoder that hurries makes one in 1.7 seconds. */
const date = (index: number) => FIRST_DATE + index * 1_700;

const list = (track: string) =>
  [
    '#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:100',
    ...Array.from(
      { length: SEGMENTS },
      (_each, index) =>
        `#EXT-X-PROGRAM-DATE-TIME:${new Date(date(index)).toISOString()}\n#EXTINF:2,\n${track}/${100 + index}.m4s`,
    ),
    '',
  ].join('\n');

const LISTS: Record<string, string> = {
  'index.m3u8': `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Audio 1",DEFAULT=YES,AUTOSELECT=YES,URI="a0.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1000000,CODECS="avc1.42C015,mp4a.40.2",AUDIO="sound"
v0.m3u8
`,
  'v0.m3u8': list('v0'),
  'a0.m3u8': list('a0'),
};

test('the sound begins where the picture does, and each piece keeps its date', async () => {
  const { default: Hls, Events } = await import('hls.js');
  const Scripted = await scriptedLoader((url) => LISTS[url.replace(/^.*\//, '')]);
  const loader = startingLoader(Scripted as never, (playlist) => playlist, straightDates);
  const hls = new Hls({ pLoader: loader, enableWorker: false });
  try {
    const start = await new Promise<number>((resolve, reject) => {
      hls.on(Events.ERROR, (_event, data) => reject(new Error(`${data.details} ${data.error?.message}`)));
      hls.on(Events.AUDIO_TRACK_UPDATED, (_event, { details }) => resolve(details.fragmentStart));
      hls.loadSource('http://engine/videos/x/index.m3u8');
    });
    expect(start).toBeCloseTo(0, 3);
    expect(hlsPieces(hls).map(({ wall }) => wall)).toEqual(
      Array.from({ length: SEGMENTS }, (_each, index) => date(index)),
    );
  } finally {
    hls.destroy();
  }
});

test('between two breaks the dates are as far apart as the media', () => {
  const at = (seconds: number) => `#EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:${String(seconds).padStart(2, '0')}.000Z`;
  const lines = (playlist: string) => playlist.split('\n').filter((line) => line.startsWith('#EXT-X-PROGRAM'));
  const list = [
    '#EXT-X-DISCONTINUITY-SEQUENCE:3',
    ...[at(1), '#EXTINF:2,', 'a', '#EXTINF:2,', 'b'],
    ...[at(4), '#EXTINF:2,', 'c'],
    ...['#EXT-X-DISCONTINUITY', at(30), '#EXTINF:2,', 'd', at(33), '#EXTINF:2,', 'e'],
  ].join('\n');
  expect(lines(straightDates(list))).toEqual([at(1), at(5), at(30), at(32)]);
  expect(straightDates('#EXT-X-PROGRAM-DATE-TIME:soon\n#EXTINF:2,\na')).toContain('DATE-TIME:soon');
});

test('a piece of which the list says no date has none of its own', () => {
  expect(trueDate({ tagList: [['INF', '2']] })).toBeUndefined();
});
