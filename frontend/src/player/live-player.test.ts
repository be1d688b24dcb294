import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeElement, FakeSocket, FakeVideo, fakePage, hanging, type Made } from '../testing/page';

/** Players of streams that were made and not destroyed. */
const players = vi.hoisted(() => ({
  alive: new Set<object>(),
  sources: [] as string[],
  latency: 0,
  all: [] as { fire: (kind: string, data: unknown) => void }[],
}));

vi.mock('hls.js', () => ({
  default: class {
    static readonly Events = { MANIFEST_PARSED: 'parsed', ERROR: 'error' };
    static readonly ErrorDetails = { MANIFEST_INCOMPATIBLE_CODECS_ERROR: 'codecs' };
    static readonly ErrorTypes = { MEDIA_ERROR: 'media' };
    static readonly DefaultConfig = { loader: class {} };
    static readonly isSupported = () => true;
    readonly levels = [];
    readonly config = {};
    readonly targetLatency = 2;
    get latency() {
      return players.latency;
    }
    private readonly handlers = new Map<string, (event: string, data: unknown) => void>();
    private video: FakeVideo | undefined;
    private readonly seen = () => {};
    constructor() {
      players.alive.add(this);
      players.all.push(this);
    }
    on(kind: string, handler: (event: string, data: unknown) => void) {
      this.handlers.set(kind, handler);
    }
    // As a request that was under way and comes back after all.
    fire(kind: string, data: unknown) {
      this.handlers.get(kind)?.(kind, data);
    }
    loadSource(address: string) {
      players.sources.push(address);
    }
    attachMedia(video: FakeVideo) {
      this.video = video;
      video.addEventListener('seeking', this.seen);
    }
    destroy() {
      players.alive.delete(this);
      this.video?.removeEventListener('seeking', this.seen);
    }
  },
}));

const channel = (state: string, broadcastId: string | null) => ({
  type: 'channel',
  topic: 'channel:anna',
  state,
  broadcastId,
  audioOnly: false,
  access: 'open',
  pictureInMillis: null,
  unseen: null as string | null,
  unheard: null,
  unplayable: [] as string[],
  startedAt: null,
  title: 'Rain',
  displayName: 'Anna',
  viewers: 1,
  followers: 1,
  category: null,
  tags: [],
});

describe('a live player', () => {
  let player: Made;
  let video: FakeVideo;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.resetModules();
    const page = fakePage();
    vi.stubGlobal('WebSocket', FakeSocket);
    FakeSocket.all = [];
    players.alive.clear();
    players.all.length = 0;
    players.sources.length = 0;
    players.latency = 0;
    await import('./live-player');
    // Fetched beforehand: what is fetched takes no time that the test does not give it.
    await import('./hls-source');
    await import('hls.js');
    player = page.make('live-player');
    video = new FakeVideo();
    player.parts.video = video;
    player.parts['.player-bar'] = new FakeElement();
    player.parts['.player-unmute'] = new FakeElement();
    for (const name of ['play', 'mute', 'settings', 'retry', 'help']) {
      player.parts[`[data-do="${name}"]`] = new FakeElement();
    }
    Object.assign(player.dataset, { channel: 'anna', src: '/live/anna.m3u8', state: 'LIVE', broadcast: 'one' });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const settle = () => vi.advanceTimersByTimeAsync(10);

  test('leaves nothing behind after fifty broadcasts', async () => {
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    const once = hanging();
    expect(players.alive.size).toBe(1);
    for (let round = 0; round < 50; round++) {
      FakeSocket.last.says(channel('OFFLINE', null));
      await settle();
      FakeSocket.last.says(channel('LIVE', `number ${round}`));
      await settle();
      player.fire('pointermove');
      player.parts['[data-do="retry"]']?.fire('click');
      await settle();
    }
    await vi.advanceTimersByTimeAsync(3_000);
    expect(players.alive.size).toBe(1);
    expect(hanging()).toEqual(once);
  });

  test('leaves nothing behind when it is taken out of the page and put back fifty times', async () => {
    const before = hanging();
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    const once = hanging();
    for (let round = 0; round < 50; round++) {
      player.fire('pointermove');
      player.disconnectedCallback();
      expect(players.alive.size).toBe(0);
      player.connectedCallback();
      await settle();
    }
    expect(hanging()).toEqual(once);
    player.disconnectedCallback();
    // The page's socket stays, with its listeners and its timers.
    const left = hanging();
    expect(left.observers).toBe(before.observers);
    expect(left.listeners - before.listeners).toBe(5);
    FakeSocket.last.drops();
    FakeSocket.all.length = 0;
  });

  test('does not hear of a source that it gave up', async () => {
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    FakeSocket.last.says(channel('LIVE', 'two'));
    await settle();
    expect(players.all).toHaveLength(2);
    players.all[0]?.fire('error', { fatal: true, details: 'codecs' });
    players.all[0]?.fire('error', { fatal: true, details: 'other', type: 'network' });
    await settle();
    expect(players.alive.size).toBe(1);
    expect(player.hasAttribute('data-problem')).toBe(false);
    expect(players.all).toHaveLength(2);
  });

  test('opens anew when sound alone gets a picture, and when a picture goes', async () => {
    player.dataset.audioOnly = 'false';
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    for (const audioOnly of [true, false]) {
      FakeSocket.last.says({ ...channel('LIVE', 'one'), audioOnly });
      FakeSocket.last.says({ ...channel('LIVE', 'one'), audioOnly, viewers: 2 });
      await settle();
    }
    expect(players.all).toHaveLength(3);
    expect(players.alive.size).toBe(1);
  });

  test('opens anew for a picture that was not listed yet', async () => {
    player.dataset.audioOnly = 'false';
    video.videoWidth = 0;
    player.connectedCallback();
    await settle();
    await video.play();
    await vi.advanceTimersByTimeAsync(3_100);
    expect(players.all).toHaveLength(2);
    expect(players.alive.size).toBe(1);
  });

  test('plays the sound of a picture that no browser shows, and waits for no picture', async () => {
    player.dataset.audioOnly = 'false';
    player.dataset.unseen = 'VP8';
    video.videoWidth = 0;
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    await video.play();
    await vi.advanceTimersByTimeAsync(9_500);
    expect(players.sources).toEqual([expect.stringContaining('audio=only')]);
    expect(player.hasAttribute('data-problem')).toBe(false);
    // It sends another picture from now on: one that is shown.
    FakeSocket.last.says(channel('LIVE', 'one'));
    await settle();
    expect(player.dataset.unseen).toBeUndefined();
    expect(players.sources).toHaveLength(2);
    expect(players.sources[1]).not.toContain('audio=only');
  });

  test('says so where nothing can be played, and tries nothing', async () => {
    const codecs = new FakeElement();
    player.parts['[data-fact="codecs"]'] = codecs;
    player.dataset.unplayable = 'VP8,G.711';
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    expect(players.all).toHaveLength(0);
    expect(player.hasAttribute('data-problem')).toBe(true);
    const now = { ...channel('LIVE', 'one'), unseen: 'VP8', unplayable: ['VP8', 'G.711'] };
    FakeSocket.last.says({ ...now, state: 'RECONNECTING' });
    FakeSocket.last.says(now);
    await settle();
    expect(players.all).toHaveLength(0);
    expect(player.hasAttribute('data-problem')).toBe(true);
    FakeSocket.last.says({ ...now, unplayable: [] });
    await settle();
    expect(players.all).toHaveLength(1);
    expect(player.hasAttribute('data-problem')).toBe(false);
  });

  test('does not say how far behind it is while it makes up for what was lost', async () => {
    const edge = new FakeElement();
    const lag = new FakeElement();
    edge.parts['[data-fact="lag"]'] = lag;
    player.parts['.player-live'] = edge;
    players.latency = 2;
    player.connectedCallback();
    FakeSocket.last.opens();
    await settle();
    await video.play();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(lag.textContent).toBe('2.0 s');
    FakeSocket.last.says(channel('RECONNECTING', 'one'));
    FakeSocket.last.says(channel('LIVE', 'one'));
    players.latency = 59;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(lag.textContent).toBe('2.0 s');
    players.latency = 2.5;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(lag.textContent).toBe('2.5 s');
    // Whoever is behind from then on chose it.
    players.latency = 30;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(lag.textContent).toBe('−00:30');
  });

  test('makes no source for a broadcast that was over before its script was there', async () => {
    player.connectedCallback();
    FakeSocket.last.opens();
    FakeSocket.last.says(channel('OFFLINE', null));
    await settle();
    expect(players.all).toHaveLength(0);
  });
});
