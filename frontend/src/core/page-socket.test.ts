import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PageSocket } from './socket';

/** A socket whose network is the test's. */
class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];
  private readonly listeners = new Map<string, ((event: { data?: string }) => void)[]>();

  constructor() {
    FakeSocket.all.push(this);
  }

  addEventListener(kind: string, listener: (event: { data?: string }) => void): void {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), listener]);
  }

  private fire(kind: string, event: { data?: string } = {}): void {
    for (const listener of this.listeners.get(kind) ?? []) {
      listener(event);
    }
  }

  opens(): void {
    this.readyState = 1;
    this.fire('open');
  }

  says(message: unknown): void {
    this.fire('message', { data: JSON.stringify(message) });
  }

  drops(): void {
    this.readyState = 3;
    this.fire('close');
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }
}

const last = () => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;
const socket = () => new PageSocket('ws://here', () => new FakeSocket() as unknown as WebSocket);

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
    page.follow('a', (message) => heard.push(`a ${message.type}`));
    page.follow('b', (message) => heard.push(`b ${message.type}`));
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
});
