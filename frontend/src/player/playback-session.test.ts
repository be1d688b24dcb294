import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { FakeElement, FakeVideo, fakePage } from '../testing/page';
import type { From } from './open-source';
import { PlaybackSession } from './playback-session';
import { nothing, type Source, type SourceEvents, type Span, type Wish } from './source';

interface Opened {
  wish: Wish;
  from: From | undefined;
  life: Lifetime;
  events: SourceEvents;
  span: Span | undefined;
  shows: number[];
  jumps: number;
}

const opening = vi.hoisted(() => ({ all: [] as unknown[], next: undefined as unknown }));

vi.mock('./open-source', () => ({
  openSource: async (
    _video: unknown,
    _address: string,
    wish: Wish,
    life: Lifetime,
    events: SourceEvents,
    from?: From,
  ): Promise<Source> => {
    const opened: Opened = { wish, from, life, events, span: opening.next as Span | undefined, shows: [], jumps: 0 };
    opening.all.push(opened);
    return {
      ...nothing(),
      latency: () => opened.span && (opened.span.to - opened.span.shown) / 1_000,
      target: () => 2,
      span: () => opened.span,
      show: (wall) => {
        opened.shows.push(wall);
        if (opened.span) {
          opened.span = { ...opened.span, shown: wall };
        }
      },
      jumpToLive: () => {
        opened.jumps++;
      },
    };
  },
}));

/** The server's clock is an hour ahead of this machine's. */
const HOUR = 3_600_000;
const WISH = { latency: 'normal', audioOnly: false, height: undefined } as const;

describe('what is played of a broadcast', () => {
  let video: FakeVideo;
  let session: PlaybackSession;
  let life: Lifetime;
  let earliest: number | undefined;
  let nothingKept: number;

  const opened = (): Opened => opening.all.at(-1) as Opened;
  const air = () => Date.now() + HOUR;
  const settle = () => vi.advanceTimersByTimeAsync(10);
  /** What LL-HLS has: twelve seconds. */
  const live = (shownBehind = 2_000): Span => ({ shown: air() - shownBehind, from: air() - 12_000, to: air() });
  const second = async () => {
    video.currentTime++;
    session.look(true, false);
    await vi.advanceTimersByTimeAsync(1_000);
  };

  beforeEach(async () => {
    vi.useFakeTimers();
    fakePage();
    opening.all = [];
    opening.next = live();
    nothingKept = 0;
    video = new FakeVideo();
    earliest = air() - 600_000;
    life = new Lifetime();
    const again = () => void session.open('/live/anna.m3u8', WISH);
    session = new PlaybackSession(new FakeElement() as unknown as HTMLElement, video as unknown as HTMLVideoElement, {
      again,
      unsupported: () => {},
      muted: () => {},
      earliest: () => earliest,
      notInstant: () => {},
      nothingKept: () => {
        nothingKept++;
        earliest = undefined;
      },
    });
    session.enter(life);
    again();
    await settle();
    session.look(true, false);
  });

  afterEach(() => {
    life.end();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('a little back is shown by what plays, and does not count as live', () => {
    const wanted = air() - 9_000;
    session.goTo(wanted);
    expect(opened().shows).toEqual([wanted]);
    expect(session.past).toBe(false);
    expect(session.lag()).toMatchObject({ live: false, seconds: expect.closeTo(9, 1) });
  });

  test('further back is played from what was kept, and so is what is further back still', async () => {
    const wanted = air() - 60_000;
    opening.next = { shown: wanted, from: air() - 600_000, to: air() - 8_000 };
    session.goTo(wanted);
    await settle();
    expect(opening.all).toHaveLength(2);
    expect(opened().from).toEqual({ place: { wall: wanted, guessed: false }, kept: true });
    expect(session.past).toBe(true);
    expect(session.lag()).toMatchObject({ live: false, seconds: expect.closeTo(60, 1) });
    session.seek(-10);
    expect(opening.all).toHaveLength(2);
    expect(opened().shows).toEqual([wanted - 10_000]);
    session.toStart();
    expect(opened().shows.at(-1)).toBe(opened().span?.from);
  });

  test('steps that follow each other add up, also while nothing has come yet', async () => {
    const wanted = air() - 60_000;
    opening.next = undefined;
    session.goTo(wanted);
    session.seek(-10);
    await settle();
    session.seek(-10);
    await settle();
    expect(opened().from?.place.wall).toBe(wanted - 20_000);
    expect(opened().from?.kept).toBe(true);
    // It is open, and still at its first picture.
    opened().span = { shown: air() - 600_000, from: air() - 600_000, to: air() - 8_000 };
    session.seek(-10);
    expect(opened().shows).toEqual([wanted - 30_000]);
    expect(session.shown()).toBe(wanted - 30_000);
    // From the picture that came on, it counts from what is shown.
    opened().span = { shown: wanted - 29_000, from: air() - 600_000, to: air() - 8_000 };
    video.fire('playing');
    session.seek(-10);
    expect(opened().shows.at(-1)).toBe(wanted - 39_000);
  });

  test('a source that has not gone to its place yet is not where somebody wanted to', async () => {
    video.currentTime = 50; // in what played until now
    session.look(true, false);
    const wanted = air() - 60_000;
    // Attached anew, the element begins at the first picture that there is, whatever the source is about to do.
    opening.next = { shown: air() - 600_000, from: air() - 600_000, to: air() - 8_000 };
    session.goTo(wanted);
    video.currentTime = 0;
    await settle();
    session.look(true, false);
    session.seek(-10);
    expect(opened().shows).toEqual([wanted - 10_000]);
  });

  test('nobody goes back further than one may', async () => {
    opening.next = undefined;
    session.goTo(air() - 3_000_000);
    await settle();
    expect(opened().from?.place.wall).toBe(earliest);
  });

  test('to live leads the button, the end of the bar, and a step beyond it', async () => {
    for (const lead of [() => session.jump(), () => session.goTo(air() - 1_000), () => session.seek(120)]) {
      opening.next = { shown: air() - 60_000, from: air() - 600_000, to: air() - 8_000 };
      session.goTo(air() - 60_000);
      await settle();
      expect(session.past).toBe(true);
      opening.next = live();
      lead();
      await settle();
      expect(opened().from).toBeUndefined();
      expect(session.past).toBe(false);
      expect(session.lag()?.live).toBe(true);
    }
  });

  test('what is newer than what was kept is played from what is live, at that place', async () => {
    opening.next = { shown: air() - 60_000, from: air() - 600_000, to: air() - 8_000 };
    session.goTo(air() - 60_000);
    await settle();
    const wanted = air() - 6_000;
    opening.next = live(6_000);
    session.goTo(wanted);
    await settle();
    expect(opened().from).toEqual({ place: { wall: wanted, guessed: false }, kept: false });
    expect(session.past).toBe(false);
  });

  test('where what was kept ends, what is live goes on from there', async () => {
    opening.next = { shown: air() - 60_000, from: air() - 600_000, to: air() - 8_000 };
    session.goTo(air() - 60_000);
    await settle();
    await second();
    const { span } = opened();
    const end = (span as Span).to - 100;
    opened().span = { ...(span as Span), shown: end };
    video.currentTime += 50;
    session.look(true, false);
    expect(session.past).toBe(true);
    // It stands still.
    opening.next = live(8_000);
    session.look(true, false);
    await settle();
    expect(opened().from).toEqual({ place: { wall: end, guessed: false }, kept: false });
  });

  test('a pause keeps its place, also when what is live has passed it', async () => {
    const left = (opened().span as Span).shown;
    session.toggle();
    video.pause();
    video.fire('pause');
    for (let i = 0; i < 40; i++) {
      opened().span = { ...live(), shown: left };
      session.look(true, false);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(session.lag()).toMatchObject({ live: false, seconds: expect.closeTo(42, 0) });
    opening.next = { shown: left, from: air() - 600_000, to: air() - 8_000 };
    session.toggle();
    await settle();
    expect(opened().from).toEqual({ place: { wall: left, guessed: false }, kept: true });
    expect(video.paused).toBe(false);
    // A tab that comes back leaves it there.
    document.dispatchEvent(new Event('visibilitychange'));
    expect(session.past).toBe(true);
  });

  test('a pause goes on at live where nothing is kept', () => {
    earliest = undefined;
    session.toggle();
    video.pause();
    video.fire('pause');
    opened().span = { ...live(), shown: air() - 60_000 };
    session.toggle();
    expect(opened().jumps).toBe(1);
    expect(opening.all).toHaveLength(1);
  });

  test('the browser’s player takes over for a screen and is not judged by what is seen here', async () => {
    session.byBrowser(true);
    await settle();
    expect(opening.all).toHaveLength(2);
    expect(opened().wish.browser).toBe(true);
    // It stands still, and shows no picture.
    video.videoWidth = 0;
    for (let i = 0; i < 30; i++) {
      session.look(true, true);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(opening.all).toHaveLength(2);
    session.byBrowser(true);
    await settle();
    expect(opening.all).toHaveLength(2);
    session.byBrowser(false);
    await settle();
    expect(opening.all).toHaveLength(3);
    expect(opened().wish.browser).toBe(false);
  });

  test('what the browser’s player cannot play, ours plays again, and where it was', async () => {
    const wanted = air() - 60_000;
    opening.next = { shown: wanted, from: air() - 600_000, to: air() - 8_000 };
    session.goTo(wanted);
    await settle();
    session.byBrowser(true);
    await settle();
    expect(opened().wish.browser).toBe(true);
    expect(opened().from).toEqual({ place: { wall: wanted, guessed: false }, kept: true });
    opened().events.failed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(opened().wish.browser).toBe(false);
    expect(opened().from).toEqual({ place: { wall: wanted, guessed: false }, kept: true });
  });

  test('a short pause goes on where it was', () => {
    session.toggle();
    video.pause();
    video.fire('pause');
    session.toggle();
    expect([opened().jumps, opened().shows, opening.all.length]).toEqual([0, [], 1]);
  });

  test('a source that fails goes on where it was; what is not kept is given up for what is live', async () => {
    opening.next = { shown: air() - 60_000, from: air() - 600_000, to: air() - 8_000 };
    session.goTo(air() - 60_000);
    await settle();
    video.fire('playing');
    const at = air() - 50_000;
    opened().span = { ...(opened().span as Span), shown: at };
    opened().events.failed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(opened().from).toEqual({ place: { wall: at, guessed: false }, kept: true });
    for (let i = 0; i < 2; i++) {
      opened().events.failed();
      await vi.advanceTimersByTimeAsync(9_000);
    }
    expect(nothingKept).toBe(1);
    expect(opened().from).toBeUndefined();
  });

  test('frames that say nothing of the wall clock are as old as the clock of whoever sent the list before says', async () => {
    const now = Date.now();
    opened().span = { shown: now - 500, from: now, to: now, guessed: true };
    expect(session.shown()).toBeCloseTo(air() - 500, -2);
    opening.next = undefined;
    session.seek(-10);
    await settle();
    expect(opened().from?.kept).toBe(true);
    expect(opened().from?.place.wall).toBeCloseTo(air() - 10_500, -2);
    expect(opened().from?.place.guessed).toBe(false);
  });
});
