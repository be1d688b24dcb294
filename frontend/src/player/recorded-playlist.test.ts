// What hls.js makes of the playlists of recordings: it once lost breaks when it merged delta updates (hls.js 6949, 7282, 7554).
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scriptedLoader } from '../testing/scripted-loader';

/** As the engine writes them: its GrowingPlaylistTest holds the same files against its text. */
const golden = (name: string) =>
  readFileSync(new URL(`../../../media-engine/src/test/resources/golden/hls/${name}.m3u8`, import.meta.url), 'utf8');

interface Piece {
  number: number | string;
  break: number;
  map: string | undefined;
  wall: number | null;
}

beforeEach(() => {
  vi.stubGlobal('self', globalThis);
  vi.stubGlobal('location', { href: 'http://engine/' });
});

afterEach(() => vi.unstubAllGlobals());

/** Lets hls.js load a playlist and then its updates, and tells what it knows in the end. */
async function merged(first: string, ...updates: string[]): Promise<{ pieces: Piece[]; asked: string[] }> {
  const { default: Hls, Events } = await import('hls.js');
  const asked: string[] = [];
  const answers = [first, ...updates].map(golden);
  const Scripted = await scriptedLoader((url) => {
    const data = answers.shift();
    if (data !== undefined) {
      asked.push(url.replace(/^.*\//, ''));
    }
    return data;
  });
  const hls = new Hls({ pLoader: Scripted as never, enableWorker: false });
  const pieces = await new Promise<Piece[]>((resolve, reject) => {
    let left = answers.length;
    hls.on(Events.ERROR, (_event, data) => reject(new Error(`${data.details} ${data.error?.message}`)));
    hls.on(Events.LEVEL_UPDATED, (_event, { details }) => {
      if (details.deltaUpdateFailed) {
        reject(new Error('the update could not be merged'));
      }
      if (--left === 0) {
        resolve(
          details.fragments.map((each) => ({
            number: each.sn,
            break: each.cc,
            map: each.initSegment?.url,
            wall: each.programDateTime,
          })),
        );
      }
    });
    hls.loadSource('http://engine/videos/x/v0.m3u8');
    hls.startLoad();
  });
  hls.destroy();
  return { pieces, asked };
}

/** What was recorded: breaks before 104 and 122, after a minute and after half of one. */
function expected(from: number, to: number): Piece[] {
  const start = Date.parse('2026-11-27T10:00:00Z');
  return Array.from({ length: to - from }, (_each, index) => {
    const number = from + index;
    return {
      number,
      break: number < 104 ? 0 : number < 122 ? 1 : 2,
      map: 'http://engine/videos/x/v0/0.mp4',
      wall: start + 2_000 * (number - 100) + (number < 104 ? 0 : 60_000) + (number < 122 ? 0 : 30_000),
    };
  });
}

test('delta updates of a list that grows keep the breaks that they leave out, and bring those that come', async () => {
  const { pieces, asked } = await merged('event-0-18', 'event-0-21', 'event-0-24');
  expect(asked).toEqual(['v0.m3u8', 'v0.m3u8?_HLS_skip=YES', 'v0.m3u8?_HLS_skip=YES']);
  expect(pieces).toEqual(expected(100, 124));
});

test('a delta update that begins with the break itself counts it once', async () => {
  const { pieces } = await merged('event-0-18', 'event-0-21', 'event-0-24', 'event-0-28');
  expect(pieces).toEqual(expected(100, 128));
});

test('delta updates of a list whose oldest goes keep them as well', async () => {
  const { pieces } = await merged('window-6-18', 'window-9-24');
  expect(pieces).toEqual(expected(109, 124));
});
