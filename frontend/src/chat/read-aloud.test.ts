import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatMessage } from '../wire/chat';
import type { ReadAloud } from './read-aloud';

vi.mock('../core/dom', () => ({
  element: (_tag: string, _class: string, text: string) => ({ text, remove: () => removed(text) }),
  lang: () => 'en',
}));
vi.mock('../core/storage', () => ({ remember: () => {}, remembered: (_key: string, otherwise: unknown) => otherwise }));

/** Takes a line out of the place. */
let removed: (text: string) => void = () => {};

describe('comments read aloud', () => {
  let said: string[];
  let reader: ReadAloud;
  const from = (count: number, first = 1) =>
    Array.from({ length: count }, (_, at) => ({
      seq: first + at,
      author: { name: 'bob', display: 'Bob', badges: [] as string[] },
      tokens: [{ t: 'text', v: `message ${first + at}` }],
    })) as unknown as ChatMessage[];

  beforeEach(async () => {
    vi.useFakeTimers();
    const { ReadAloud } = await import('./read-aloud');
    const place = {
      replaceChildren: (...lines: { text: string }[]) => {
        said = lines.map(({ text }) => text);
      },
    };
    reader = new ReadAloud(place as unknown as HTMLElement, {
      'newer.other': '{0} new comments',
      'guest.named': '{0} (guest)',
    });
    said = [];
    removed = (text) => {
      said = said.filter((line) => line !== text);
    };
  });

  afterEach(() => vi.useRealTimers());

  test('are silent until somebody asks', () => {
    reader.hear(from(1));
    expect(said).toEqual([]);
    reader.turn(true);
    reader.hear(from(1, 2));
    expect(said).toEqual(['Bob: message 2']);
  });

  test('of a guest are read as a guest’s', () => {
    reader.turn(true);
    const [message] = from(1);
    message?.author.badges.push('guest');
    reader.hear(message ? [message] : []);
    expect(said).toEqual(['Bob (guest): message 1']);
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

  test('that are removed, or of somebody muted, are neither heard nor left in the place', () => {
    reader.turn(true);
    reader.hear(from(1));
    reader.hear(from(2, 2));
    reader.removed([1, 3]);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(said).toEqual(['Bob: message 2']);
    reader.hear(from(2, 4));
    reader.muted('bob');
    expect(said).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(said).toEqual([]);
  });

  test('are out of the place after a while', () => {
    reader.turn(true);
    reader.hear(from(1));
    expect(said).toEqual(['Bob: message 1']);
    vi.advanceTimersByTime(3_000);
    expect(said).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
