import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeSocket, hanging } from '../testing/page';
import { PageSocket } from './socket';

const last = () => FakeSocket.last;
const socket = () =>
  new PageSocket<Record<string, { event: { type: string }; says: { type: string; text?: string } }>>(
    'ws://here',
    () => new FakeSocket() as unknown as WebSocket,
  );

describe('a page socket', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    FakeSocket.all = [];
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('joins what is followed, and says where each topic goes on', () => {
    const page = socket();
    let seen: number | undefined;
    page.follow('home', () => {});
    page.follow(
      'chat:anna',
      () => {},
      () => seen,
    );
    last().opens();
    expect(last().sent).toEqual([{ type: 'join', topics: ['home', 'chat:anna'], since: {} }]);
    seen = 41;
    last().drops();
    vi.advanceTimersByTime(1_000);
    last().opens();
    expect(FakeSocket.all).toHaveLength(2);
    expect(last().sent).toEqual([{ type: 'join', topics: ['home', 'chat:anna'], since: { 'chat:anna': 41 } }]);
  });

  test('tells each listener its own topic', () => {
    const page = socket();
    const heard: string[] = [];
    page.follow('a', (event) => heard.push(`a ${event.type}`));
    page.follow('b', (event) => heard.push(`b ${event.type}`));
    last().opens();
    last().says({ type: 'x', topic: 'b' });
    expect(heard).toEqual(['b x']);
  });

  test('answers whether something went out', () => {
    const page = socket();
    page.follow('chat:anna', () => {});
    expect(page.say('chat:anna', { type: 'say' })).toBe(false);
    last().opens();
    expect(page.say('chat:anna', { type: 'say', text: 'hi' })).toBe(true);
    expect(last().sent[1]).toEqual({ type: 'say', text: 'hi', topic: 'chat:anna' });
  });

  test('comes back when a server that restarts says so, and not before', () => {
    const page = socket();
    page.follow('home', () => {});
    last().opens();
    last().says({ type: 'reconnect-after', millis: 3_000 });
    vi.advanceTimersByTime(2_900);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test('a server that accepts and drops is not hammered', () => {
    const page = socket();
    page.follow('home', () => {});
    for (let i = 0; i < 200; i++) {
      if (last().readyState === 0) {
        last().opens();
        last().drops();
      }
      vi.advanceTimersByTime(1_000);
    }
    // Two hundred seconds with bounds that double up to thirty: a dozen tries or two, whatever the dice say.
    expect(FakeSocket.all.length).toBeLessThan(50);
  });

  test('a connection that went silent is given up', () => {
    const page = socket();
    page.follow('home', () => {});
    last().opens();
    vi.advanceTimersByTime(20_000);
    expect(last().sent[1]).toEqual({ type: 'ping' });
    vi.advanceTimersByTime(50_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  test('hears nothing of a connection that it gave up', () => {
    const page = socket();
    const heard: string[] = [];
    page.follow('home', (event) => heard.push(event.type));
    last().opens();
    const old = last();
    page.sever();
    old.says({ type: 'late', topic: 'home' });
    vi.advanceTimersByTime(1_000);
    last().opens();
    last().says({ type: 'now', topic: 'home' });
    old.opens();
    expect(heard).toEqual(['now']);
    expect(old.sent).toHaveLength(1);
  });

  test('leaves nothing of fifty listeners and fifty connections', () => {
    const page = socket();
    page.follow('home', () => {});
    last().opens();
    const once = hanging();
    for (let round = 0; round < 50; round++) {
      const stop = page.follow(`chat:${round}`, () => {});
      last().drops();
      stop();
      vi.advanceTimersByTime(60_000);
      last().opens();
      expect(last().sent).toEqual([{ type: 'join', topics: ['home'], since: {} }]);
    }
    expect(hanging()).toEqual(once);
  });
});
