import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeElement, FakeSocket, fakePage, hanging, type Made } from '../testing/page';

describe('a chat room', () => {
  let room: Made;
  let log: FakeElement;
  let frames: Map<number, () => void>;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.resetModules();
    const page = fakePage();
    vi.stubGlobal('WebSocket', FakeSocket);
    FakeSocket.all = [];
    frames = new Map();
    let number = 0;
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
      frames.set(++number, run);
      return number;
    });
    vi.stubGlobal('cancelAnimationFrame', (which: number) => frames.delete(which));
    await import('./chat-room');
    room = page.make('chat-room');
    log = new FakeElement();
    room.parts['.chat-log'] = log;
    room.parts['.chat-newer'] = new FakeElement();
    room.parts['.chat-toast'] = new FakeElement();
    const warned = new FakeElement();
    warned.parts.button = new FakeElement();
    room.parts['.chat-warned'] = warned;
    room.parts['.chat-banned'] = new FakeElement();
    const form = new FakeElement();
    for (const part of ['textarea', '.chat-send', '.chat-note', '.chat-counter', '.chat-choices', '.chat-reply-bar']) {
      form.parts[part] = new FakeElement();
    }
    room.parts.form = form;
    Object.assign(room.dataset, { channel: 'anna' });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const told = (event: Record<string, unknown>) => FakeSocket.last.says({ topic: 'chat:anna', ...event });
  const message = (seq: number) => ({
    seq,
    at: '2026-01-01T00:00:00Z',
    author: { name: 'bob', display: 'Bob', hue: 1, badges: [] },
    tokens: [{ t: 'text', v: `message ${seq}` }],
  });
  const paint = () => {
    const run = [...frames.values()];
    frames.clear();
    for (const frame of run) {
      frame();
    }
  };
  const open = () => {
    room.connectedCallback();
    FakeSocket.last.opens();
    told({ type: 'you', name: 'bob', moderator: true, rights: ['DELETE'] });
    told({ type: 'history', resumed: false, missed: 0, messages: [], removed: [] });
  };

  test('leaves nothing behind when it is taken out of the page and put back fifty times', async () => {
    open();
    await vi.advanceTimersByTimeAsync(10);
    told({ type: 'warned', reason: 'quiet' });
    const once = hanging();
    expect(once.observers).toBeGreaterThan(0);
    for (let round = 0; round < 50; round++) {
      told({
        type: 'you',
        name: 'bob',
        moderator: true,
        rights: [],
        sanction: { kind: 'TIMEOUT', until: '2999-01-01T00:00:00Z' },
      });
      told({ type: 'messages', messages: [message(round + 1)] });
      room.disconnectedCallback();
      expect(frames.size).toBe(0);
      expect(hanging().observers).toBe(0);
      room.connectedCallback();
      told({ type: 'you', name: 'bob', moderator: true, rights: ['DELETE'] });
      await vi.advanceTimersByTimeAsync(10);
      told({ type: 'warned', reason: 'quiet' });
    }
    expect(hanging()).toEqual(once);
  });

  test('paints on when it is put back', () => {
    open();
    told({ type: 'messages', messages: [message(1)] });
    room.disconnectedCallback();
    room.connectedCallback();
    told({ type: 'messages', messages: [message(2)] });
    expect(frames.size).toBe(1);
    paint();
    expect(log.childElementCount).toBeGreaterThan(0);
  });

  test('hears fifty warnings with one listener', () => {
    open();
    told({ type: 'warned', reason: 'first' });
    const once = hanging();
    for (let round = 0; round < 50; round++) {
      told({ type: 'warned', reason: `number ${round}` });
    }
    expect(hanging()).toEqual(once);
  });

  test('asks for no topic that nobody follows any more', () => {
    open();
    room.disconnectedCallback();
    FakeSocket.last.drops();
    vi.advanceTimersByTime(1_000);
    FakeSocket.last.opens();
    expect(FakeSocket.last.sent.flatMap((message) => message.topics ?? [])).toEqual([]);
  });
});
