import { expect, test } from 'vitest';
import { foundPieces } from './found';

function shown(text: string, typed: string): string {
  return foundPieces(text, typed)
    .map((piece, index) => (index % 2 === 1 ? `[${piece}]` : piece))
    .join('');
}

test('marks what was typed, in any capitals', () => {
  expect(shown('Night session, vinyl only', 'VIN night')).toBe('[Night] session, [vin]yl only');
});

test('marks a part of a text without spaces', () => {
  expect(shown('千岛湖夜钓第三晚', '夜钓')).toBe('千岛湖[夜钓]第三晚');
});

test('knows a handle and a tag by their signs', () => {
  expect(shown('@anna · #jazz', '@anna #jazz')).toBe('@[anna] · #[jazz]');
});

test('takes signs for signs, and leaves alone what does not fit', () => {
  expect(shown('What is 1+1?', '1+1?')).toBe('What is [1+1?]');
  expect(shown('(brackets', '(')).toBe('[(]brackets');
  expect(shown('anna', ' @ ')).toBe('anna');
  expect(shown('anna', 'bob')).toBe('anna');
});
