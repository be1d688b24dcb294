import { describe, expect, test } from 'vitest';
import type { ChatLine } from '../wire/chat';
import { ChatState, type Pending } from './chat-state';

const line = (seq: number, name = 'anna', text = `line ${seq}`): ChatLine => ({
  seq,
  at: '2026-11-21T12:00:00Z',
  author: { name, display: name, hue: 0, avatar: null, badges: [] },
  tokens: [{ t: 'text', v: text }],
});
const pending = (id: string, text = 'hello'): Pending => ({ id, text, replyTo: undefined, waits: false });
const kinds = (changes: { kind: string }[]) => changes.map((change) => change.kind);

describe('a room', () => {
  test('starts with what was said last, and goes on from there', () => {
    const state = new ChatState();
    expect(state.seen()).toBeUndefined();
    const changes = state.apply({ type: 'history', resumed: false, missed: 0, lines: [line(8), line(9)], removed: [] });
    expect(kinds(changes)).toEqual(['start', 'lines']);
    expect(state.seen()).toBe(9);
    state.apply({ type: 'lines', lines: [line(10)] });
    expect(state.seen()).toBe(10);
  });

  test('shows no line twice, also when a frame and the history overlap', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, lines: [line(1), line(2), line(3)], removed: [] });
    expect(state.apply({ type: 'lines', lines: [line(2), line(3)] })).toEqual([]);
    const [fresh] = state.apply({ type: 'lines', lines: [line(3), line(4)] });
    expect(fresh).toEqual({ kind: 'lines', lines: [line(4)] });
  });

  test('goes on after a cut without starting anew', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, lines: [line(1)], removed: [] });
    expect(
      kinds(state.apply({ type: 'history', resumed: true, missed: 0, lines: [line(2), line(3)], removed: [] })),
    ).toEqual(['lines']);
    expect(state.seen()).toBe(3);
  });

  test('says how much it missed when that was too much', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, lines: [line(1)], removed: [] });
    const changes = state.apply({ type: 'history', resumed: false, missed: 700, lines: [line(751)], removed: [] });
    expect(changes[0]).toEqual({ kind: 'gap', missed: 700 });
    expect(state.seen()).toBe(751);
  });

  test('an empty room is gone on from, too', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, lines: [], removed: [] });
    expect(state.seen()).toBe(0);
  });

  test('says again after a cut what was not answered, and only that', () => {
    const state = new ChatState();
    state.say(pending('a'));
    state.say(pending('b'));
    state.say(pending('c'));
    expect(state.apply({ type: 'said', id: 'a', seq: 1 })).toEqual([{ kind: 'settled', id: 'a' }]);
    state.apply({ type: 'waits', id: 'c' });
    const changes = state.apply({ type: 'history', resumed: true, missed: 0, lines: [], removed: [] });
    expect(changes).toEqual([{ kind: 'resend', pending: [pending('b')] }]);
  });

  test('gives a refused line back', () => {
    const state = new ChatState();
    state.say(pending('a', 'too fast'));
    const changes = state.apply({ type: 'not-said', id: 'a', reason: 'fast', retryMillis: 900, number: null });
    expect(changes).toEqual([
      { kind: 'refused', pending: pending('a', 'too fast'), reason: 'fast', retryMillis: 900, number: null },
    ]);
    expect(state.apply({ type: 'not-said', id: 'a', reason: 'fast', retryMillis: 900, number: null })).toEqual([]);
  });

  test('a line that waited is settled when it comes', () => {
    const state = new ChatState();
    state.apply({ type: 'you', name: 'bob', keeper: false, rights: [] });
    state.say(pending('a', 'see https://example.org'));
    state.apply({ type: 'waits', id: 'a' });
    const changes = state.apply({
      type: 'lines',
      lines: [
        {
          ...line(5, 'bob'),
          tokens: [
            { t: 'text', v: 'see ' },
            { t: 'link', v: 'https://example.org' },
          ],
        },
      ],
    });
    expect(kinds(changes)).toEqual(['lines', 'settled']);
  });

  test('knows who spoke last, for completion', () => {
    const state = new ChatState();
    state.apply({ type: 'lines', lines: [line(1, 'anna'), line(2, 'bob'), line(3, 'anna')] });
    expect(state.recentAuthors().map((author) => author.name)).toEqual(['anna', 'bob']);
  });

  test('knows what is pinned, shielded and forbidden, and forgets it when it is over', () => {
    const state = new ChatState();
    const settings = {
      writers: 'EVERYONE',
      followMinutes: 0,
      slowSeconds: 0,
      links: 'ALLOWED',
      allowDuplicates: false,
    } as const;
    state.apply({ type: 'room', settings, emotes: [], pinned: line(3), shieldHours: 24 });
    expect(state.pinned?.seq).toBe(3);
    expect(state.shieldHours).toBe(24);
    const sanction = { username: 'bob', kind: 'BAN', until: null, broadcast: false, reason: 'spam' } as const;
    state.apply({ type: 'you', name: 'bob', keeper: false, rights: [], sanction });
    expect(state.sanction?.reason).toBe('spam');
    state.apply({ type: 'you', name: 'bob', keeper: true, rights: ['DELETE'] });
    expect(state.sanction).toBeUndefined();
    expect(state.rights.has('DELETE')).toBe(true);
    state.apply({ type: 'room', settings, emotes: [], shieldHours: 0 });
    expect(state.pinned).toBeUndefined();
  });

  test('takes out what went while the page was away, before the lines that came', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, lines: [line(1), line(2)], removed: [] });
    const changes = state.apply({ type: 'history', resumed: true, missed: 0, lines: [line(3)], removed: [2] });
    expect(changes).toEqual([
      { kind: 'removed', seqs: [2] },
      { kind: 'lines', lines: [line(3)] },
    ]);
    expect(state.apply({ type: 'removed', seqs: [1] })).toEqual([{ kind: 'removed', seqs: [1] }]);
  });
});
