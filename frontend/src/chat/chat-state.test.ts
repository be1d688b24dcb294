import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../wire/chat';
import { ChatState, type Pending } from './chat-state';

const message = (seq: number, name = 'anna', text = `message ${seq}`): ChatMessage => ({
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
    const changes = state.apply({
      type: 'history',
      resumed: false,
      missed: 0,
      messages: [message(8), message(9)],
      removed: [],
    });
    expect(kinds(changes)).toEqual(['start', 'messages']);
    expect(state.seen()).toBe(9);
    state.apply({ type: 'messages', messages: [message(10)] });
    expect(state.seen()).toBe(10);
  });

  test('of a guest knows them by their number, and offers no guest to be mentioned', () => {
    const state = new ChatState();
    state.apply({ type: 'you', name: 'guest:7', guest: 'Anna', moderator: false, rights: [] });
    expect(state.me).toBe('guest:7');
    expect(state.guest).toBe('Anna');
    const guests = message(2, 'guest:7');
    guests.author.badges = ['guest'];
    state.apply({ type: 'messages', messages: [message(1), guests] });
    expect(state.recentAuthors()).toEqual([{ name: 'anna', display: 'anna' }]);
  });

  test('shows no message twice, also when a frame and the history overlap', () => {
    const state = new ChatState();
    state.apply({
      type: 'history',
      resumed: false,
      missed: 0,
      messages: [message(1), message(2), message(3)],
      removed: [],
    });
    expect(state.apply({ type: 'messages', messages: [message(2), message(3)] })).toEqual([]);
    const [fresh] = state.apply({ type: 'messages', messages: [message(3), message(4)] });
    expect(fresh).toEqual({ kind: 'messages', messages: [message(4)] });
  });

  test('keeps showing what waits when its author says something else', () => {
    const state = new ChatState();
    state.apply({ type: 'you', name: 'anna', moderator: false, rights: [] });
    state.say(pending('one', 'pineapple  one'));
    state.apply({ type: 'waits', id: 'one' });
    expect(kinds(state.apply({ type: 'messages', messages: [message(1, 'anna', 'fine one')] }))).toEqual(['messages']);
    const allowed = state.apply({ type: 'messages', messages: [message(2, 'anna', 'pineapple one')] });
    expect(allowed).toContainEqual({ kind: 'settled', id: 'one' });
  });

  test('goes on after a cut without starting anew', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, messages: [message(1)], removed: [] });
    expect(
      kinds(
        state.apply({ type: 'history', resumed: true, missed: 0, messages: [message(2), message(3)], removed: [] }),
      ),
    ).toEqual(['messages']);
    expect(state.seen()).toBe(3);
  });

  test('says how much it missed when that was too much', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, messages: [message(1)], removed: [] });
    const changes = state.apply({
      type: 'history',
      resumed: false,
      missed: 700,
      messages: [message(751)],
      removed: [],
    });
    expect(changes[0]).toEqual({ kind: 'gap', missed: 700 });
    expect(state.seen()).toBe(751);
  });

  test('an empty room is gone on from, too', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, messages: [], removed: [] });
    expect(state.seen()).toBe(0);
  });

  test('says again after a cut what was not answered, and only that', () => {
    const state = new ChatState();
    state.say(pending('a'));
    state.say(pending('b'));
    state.say(pending('c'));
    expect(state.apply({ type: 'said', id: 'a', seq: 1 })).toEqual([{ kind: 'settled', id: 'a' }]);
    state.apply({ type: 'waits', id: 'c' });
    const changes = state.apply({ type: 'history', resumed: true, missed: 0, messages: [], removed: [] });
    expect(changes).toEqual([{ kind: 'resend', pending: [pending('b')] }]);
  });

  test('gives a refused message back', () => {
    const state = new ChatState();
    state.say(pending('a', 'too fast'));
    const changes = state.apply({ type: 'not-said', id: 'a', reason: 'fast', retryMillis: 900, number: null });
    expect(changes).toEqual([
      { kind: 'refused', pending: pending('a', 'too fast'), reason: 'fast', retryMillis: 900, number: null },
    ]);
    expect(state.apply({ type: 'not-said', id: 'a', reason: 'fast', retryMillis: 900, number: null })).toEqual([]);
  });

  test('a message that waited is settled when it comes', () => {
    const state = new ChatState();
    state.apply({ type: 'you', name: 'bob', moderator: false, rights: [] });
    state.say(pending('a', 'see https://example.org'));
    state.apply({ type: 'waits', id: 'a' });
    const changes = state.apply({
      type: 'messages',
      messages: [
        {
          ...message(5, 'bob'),
          tokens: [
            { t: 'text', v: 'see ' },
            { t: 'link', v: 'https://example.org' },
          ],
        },
      ],
    });
    expect(kinds(changes)).toEqual(['messages', 'settled']);
  });

  test('knows who spoke last, for completion', () => {
    const state = new ChatState();
    state.apply({ type: 'messages', messages: [message(1, 'anna'), message(2, 'bob'), message(3, 'anna')] });
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
      guests: true,
    } as const;
    state.apply({ type: 'room', settings, emotes: [], pinned: message(3), shieldHours: 24 });
    expect(state.pinned?.seq).toBe(3);
    expect(state.shieldHours).toBe(24);
    const sanction = { username: 'bob', kind: 'BAN', until: null, broadcast: false, reason: 'spam' } as const;
    state.apply({ type: 'you', name: 'bob', moderator: false, rights: [], sanction });
    expect(state.sanction?.reason).toBe('spam');
    state.apply({ type: 'you', name: 'bob', moderator: true, rights: ['DELETE'] });
    expect(state.sanction).toBeUndefined();
    expect(state.rights.has('DELETE')).toBe(true);
    state.apply({ type: 'room', settings, emotes: [], shieldHours: 0 });
    expect(state.pinned).toBeUndefined();
  });

  test('takes out what went while the page was away, before the messages that came', () => {
    const state = new ChatState();
    state.apply({ type: 'history', resumed: false, missed: 0, messages: [message(1), message(2)], removed: [] });
    const changes = state.apply({ type: 'history', resumed: true, missed: 0, messages: [message(3)], removed: [2] });
    expect(changes).toEqual([
      { kind: 'removed', seqs: [2] },
      { kind: 'messages', messages: [message(3)] },
    ]);
    expect(state.apply({ type: 'removed', seqs: [1] })).toEqual([{ kind: 'removed', seqs: [1] }]);
  });
});
