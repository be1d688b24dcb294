import type Hls from 'hls.js';
import { expect, test } from 'vitest';
import { followPieces, hlsPieces } from './hls-common';

const Player = { Events: { LEVEL_PTS_UPDATED: 'updated' } } as unknown as typeof Hls;

test('where a piece begins is what was found, not what the list said', () => {
  let found: (event: string, told: unknown) => void = () => {};
  const fragment = { start: 4, duration: 4, programDateTime: 10_000, gap: false, tagList: [] };
  const latestLevelDetails = { fragments: [fragment] };
  const hls = {
    latestLevelDetails,
    on: (_name: string, listener: typeof found) => {
      found = listener;
    },
  } as unknown as Hls;
  followPieces(Player, hls);
  expect(hlsPieces(hls)).toEqual([{ start: 4, duration: 4, wall: 10_000 }]);
  expect(hlsPieces(hls)).toBe(hlsPieces(hls));
  fragment.start = 4.3;
  found('updated', { details: latestLevelDetails });
  expect(hlsPieces(hls)).toEqual([{ start: 4.3, duration: 4, wall: 10_000 }]);
});
