import { expect, test } from 'vitest';
import { withStart } from './key-frame-start';

const HEAD = [
  '#EXTM3U',
  '#EXT-X-VERSION:9',
  '#EXT-X-TARGETDURATION:10',
  '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.900,HOLD-BACK=30.0,CAN-SKIP-UNTIL=60.0',
];

/** A playlist: `8!` is a segment of eight seconds that begins with a key frame, `6` one that does not, and `open` what is open. */
function playlist(segments: string[], open: string): string {
  const lines = [...HEAD];
  const parts = (text: string) => {
    const seconds = Number.parseFloat(text);
    for (let at = 0; at < seconds - 0.001; at += 0.5) {
      const key = at === 0 && text.endsWith('!') ? ',INDEPENDENT=YES' : '';
      lines.push(`#EXT-X-PART:DURATION=0.500000,URI="x/7.${at * 2}.m4s"${key}`);
    }
  };
  for (const segment of segments) {
    if (segment.startsWith('gap')) {
      lines.push('#EXT-X-GAP', '#EXTINF:0.300000,', 'x/6.m4s');
    } else {
      parts(segment);
      lines.push(`#EXTINF:${Number.parseFloat(segment).toFixed(6)},`, 'x/7.m4s');
    }
  }
  parts(open);
  return `${lines.join('\n')}\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="x/8.9.m4s"\n`;
}

const start = (text: string) => /#EXT-X-START:TIME-OFFSET=([\d.]+)/.exec(text)?.[1];

test.each([
  ['a key frame near the edge is found by the player itself', ['2!', '2!', '2!'], '1.5!', undefined],
  ['a key frame that is far behind is where to begin', ['8!', '8!'], '6!', '16.000'],
  ['a segment without a key frame is nothing to begin in', ['10!', '2'], '1', '0.000'],
  ['nor is the open one', ['10!'], '3', '0.000'],
  ['a list of parts alone begins behind its gap', ['gap'], '6!', '0.300'],
  ['also when it is shorter than the distance to the edge', ['gap'], '0.5!', '0.300'],
  ['a key frame beyond the distance is too near', ['8!', '8!'], '0.5!', '8.000'],
  ['what has no key frame is left to the player', ['6', '6'], '2', undefined],
])('%s', (_name, segments, open, expected) => {
  expect(start(withStart(playlist(segments, open), true))).toBe(expected);
});

test('further behind, another key frame is the nearest', () => {
  expect(start(withStart(playlist(['8!', '8!', '10!', '6'], '11!'), false))).toBe('8.000');
});

test('what has ended, says where to begin, or knows no parts stays as it is', () => {
  const ended = `${playlist(['8!'], '6!')}#EXT-X-ENDLIST\n`;
  expect(withStart(ended, true)).toBe(ended);
  const chosen = playlist(['8!'], '6!').replace('#EXTM3U\n', '#EXTM3U\n#EXT-X-START:TIME-OFFSET=-4\n');
  expect(withStart(chosen, true)).toBe(chosen);
  const plain = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:8.0,\n1.ts\n#EXTINF:8.0,\n2.ts\n';
  expect(withStart(plain, true)).toBe(plain);
});
