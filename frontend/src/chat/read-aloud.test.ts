import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatMessage } from '../wire/chat';
import type { ReadAloud } from './read-aloud';

vi.mock('../core/dom', () => ({ element: (_tag: string, _class: string, text: string) => text, lang: () => 'en' }));
vi.mock('../core/storage', () => ({ remember: () => {}, remembered: (_key: string, otherwise: unknown) => otherwise }));

describe('comments read aloud', () => {
  let said: string[];
  let reader: ReadAloud;
  const from = (count: number, first = 1) =>
    Array.from({ length: count }, (_, at) => ({
      author: { display: 'Bob' },
      tokens: [{ t: 'text', v: `message ${first + at}` }],
    })) as unknown as ChatMessage[];

  beforeEach(async () => {
    vi.useFakeTimers();
    const { ReadAloud } = await import('./read-aloud');
    const place = {
      replaceChildren: (...lines: string[]) => {
        said = lines;
      },
    };
    reader = new ReadAloud(place as unknown as HTMLElement, { 'newer.other': '{0} new comments' });
    said = [];
  });

  afterEach(() => vi.useRealTimers());

  test('are silent until somebody asks', () => {
    reader.hear(from(1));
    expect(said).toEqual([]);
    reader.turn(true);
    reader.hear(from(1, 2));
    expect(said).toEqual(['Bob: message 2']);
  });

  test('of a flood are the last few, and how many more there were', () => {
    reader.turn(true);
    reader.hear(from(1));
    reader.hear(from(50, 100));
    expect(said).toEqual(['Bob: message 1']);
    vi.advanceTimersByTime(3_000);
    expect(said).toEqual(['47 new comments', 'Bob: message 147', 'Bob: message 148', 'Bob: message 149']);
    reader.turn(false);
    reader.hear(from(1, 200));
    vi.advanceTimersByTime(3_000);
    expect(said).toEqual([]);
  });
});
