import { expect, test } from 'vitest';
import { tags } from './tag-words';

test('tags are what the server makes of them', () => {
  expect(tags('Live Coding, ＡＢＣ、钢琴 #C++; --node.js--, live_coding,!!!')).toEqual([
    'live-coding',
    'abc',
    '钢琴',
    'c++',
    'node.js',
  ]);
  expect(tags(`${'é'.repeat(40)}`)).toEqual(['é'.repeat(30)]);
  expect(tags(' , ')).toEqual([]);
});
