// What a screen is given, and what no address may give away.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { FakeElement, FakeVideo, fakePage } from '../testing/page';
import { besideManaged } from './hls-common';
import { hlsSource } from './hls-source';
import { recordSource } from './record-source';
import type { SourceEvents, Wish } from './source';

const WISH: Wish = { latency: 'normal', audioOnly: false, height: undefined };
const LIVE = 'http://here/t/abcdefgh/live/anna.m3u8?v=12345678';
const VIDEO = 'http://here/t/abcdefgh/videos/AbCdEfGhIjK/index.m3u8';

class PlayedVideo extends FakeVideo {
  currentSrc = '';
  networkState = 0;
  disableRemotePlayback = true;
  override canPlayType(): string {
    return 'maybe';
  }
  defaultPlaybackRate = 1;
  playbackRate = 1;
  readyState = 0;
}

let video: PlayedVideo;
let life: Lifetime;
let events: SourceEvents & { failures: number };

beforeEach(() => {
  fakePage();
  video = new PlayedVideo();
  life = new Lifetime();
  events = {
    failures: 0,
    failed: () => {
      events.failures++;
    },
    unsupported: () => {},
    changed: () => {},
  };
});

afterEach(() => {
  life.end();
  vi.unstubAllGlobals();
});

const element = () => video as unknown as HTMLVideoElement;

describe('the browser’s own player', () => {
  test('is given the address of the page, ticket and all, with sound that it knows: as MPEG-TS for Cast, in CMAF for AirPlay', async () => {
    await hlsSource(element(), LIVE, { ...WISH, browser: true }, life, events);
    expect(video).toMatchObject({
      src: 'http://here/t/abcdefgh/live/anna.ts.m3u8?v=12345678&sound=aac',
      disableRemotePlayback: false,
    });
    Object.assign(video, { webkitShowPlaybackTargetPicker: () => {} });
    await hlsSource(element(), LIVE, { ...WISH, audioOnly: true, browser: true }, life, events);
    expect(video.src).toBe(`${LIVE}&audio=only&sound=aac`);
    await recordSource(element(), VIDEO, { media: 12 }, { height: undefined, browser: true }, life, events);
    expect(video.src).toBe(VIDEO);
    video.fire('loadedmetadata');
    expect(video.currentTime).toBe(12);
  });

  test('goes in the past of what is live by lists that begin there, where it knows no wall clock', async () => {
    const past = LIVE.replace('.m3u8', '.record.m3u8');
    const begin = { wall: Date.now() - 89_500, guessed: false };
    const source = await recordSource(element(), past, begin, { height: undefined, browser: true }, life, events);
    expect(video.src).toBe(`${past}&window=90`);
    video.fire('loadedmetadata');
    video.currentTime = 10;
    expect(source.span()?.shown).toBe(begin.wall + 10_000);
    source.show(Date.now() - 29_500);
    expect(video.src).toBe(`${past}&window=30`);
  });

  test('that plays it on a screen already is not told again', async () => {
    Object.assign(video, { currentSrc: VIDEO, networkState: 2 });
    await recordSource(element(), VIDEO, { media: 12 }, { height: undefined, browser: true }, life, events);
    expect(video.src).toBe('');
    video.fire('error');
    expect(events.failures).toBe(1);
  });
});

describe('beside a Managed Media Source', () => {
  let attach = () => {};
  beforeEach(() => {
    vi.stubGlobal('document', { createElement: () => new FakeElement() });
    vi.stubGlobal('window', { ManagedMediaSource: class {} });
    const hls = {
      on: (_kind: string, heard: () => void) => {
        attach = heard;
      },
    };
    besideManaged({ Events: {} } as never, hls as never, element(), LIVE, life);
  });

  test('stands the address, once that is open, for as long as it plays', async () => {
    let removed = false;
    vi.spyOn(FakeElement.prototype, 'remove').mockImplementation(() => {
      removed = true;
    });
    video.parts.source = new FakeElement();
    expect(video.children).toEqual([]);
    await attach();
    expect(video.children).toMatchObject([{ type: 'application/x-mpegURL', src: LIVE }]);
    expect([video.disableRemotePlayback, removed]).toEqual([false, false]);
    life.end();
    expect(removed).toBe(true);
  });

  test('and beside any other nothing', async () => {
    await attach();
    expect(video.children).toEqual([]);
    expect(video.disableRemotePlayback).toBe(true);
  });
});

const MASTER = `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1000000,CODECS="avc1.42c01e"
v0.m3u8
`;
const LIST = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-MAP:URI="v0/0.mp4"
#EXTINF:2,
v0/1.m4s
#EXTINF:2,
v0/2.m4s
#EXTINF:2,
v0/3.m4s
#EXT-X-ENDLIST
`;

/** CMCD names what is asked for next by `nor` and, in its second version, what was asked for by `url`. */
const ANOTHER = /\b(nor|url)=|\.m4s|\.mp4|\.m3u8|abcdefgh/i;

/** What was asked for, with all that was said beside it. */
let asked: { url: string; headers: string[] }[];

class ScriptedRequest {
  readyState = 0;
  status = 0;
  response: unknown;
  responseText = '';
  responseType = '';
  responseURL = '';
  statusText = '';
  onreadystatechange: (() => void) | undefined;
  private readonly headers: string[] = [];
  open(_method: string, url: string): void {
    this.responseURL = url;
    this.readyState = 1;
    asked.push({ url, headers: this.headers });
  }
  setRequestHeader(name: string, value: string): void {
    this.headers.push(`${name}: ${value}`);
  }
  getResponseHeader(): null {
    return null;
  }
  getAllResponseHeaders(): string {
    return '';
  }
  abort(): void {}
  send(): void {
    const { pathname } = new URL(this.responseURL);
    const text = pathname.endsWith('v0.m3u8') ? LIST : pathname.endsWith('.m3u8') ? MASTER : undefined;
    this.responseText = text ?? '';
    this.response = text ?? new ArrayBuffer(8);
    this.status = 200;
    this.readyState = 4;
    queueMicrotask(() => this.onreadystatechange?.());
  }
}

class OpenMediaSource extends EventTarget {
  static knows = (_type: string) => true;
  static isTypeSupported(type: string): boolean {
    return OpenMediaSource.knows(type);
  }
  readyState = 'open';
  duration = 0;
  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event('sourceopen')));
  }
  addSourceBuffer(): EventTarget {
    return Object.assign(new EventTarget(), { buffered: { length: 0 }, appendBuffer: () => {}, abort: () => {} });
  }
  removeSourceBuffer(): void {}
  endOfStream(): void {}
}

describe('by script', () => {
  beforeEach(() => {
    asked = [];
    OpenMediaSource.knows = () => true;
    vi.stubGlobal('self', globalThis);
    vi.stubGlobal('MediaSource', OpenMediaSource);
    vi.stubGlobal(
      'SourceBuffer',
      Object.assign(() => {}, { prototype: { appendBuffer: () => {}, remove: () => {} } }),
    );
    vi.stubGlobal('XMLHttpRequest', ScriptedRequest);
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:http://here/1');
    vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  });

  test.each([
    ['of what is live', () => hlsSource(element(), LIVE, WISH, life, events)],
    ['of a video', () => recordSource(element(), VIDEO, { media: 0 }, { height: undefined }, life, events)],
  ])('no address that is asked for carries another one, with its ticket: %s', async (_what, open) => {
    await open();
    await vi.waitFor(() => expect(asked.filter(({ url }) => /\.(m4s|mp4)/.test(url))).not.toEqual([]));
    for (const { url, headers } of asked) {
      const { pathname, search } = new URL(url);
      // Its own ticket, once, in the path.
      expect(pathname).toMatch(/^\/t\/abcdefgh\//);
      expect(decodeURIComponent(search)).not.toMatch(ANOTHER);
      expect(headers.join('\n')).not.toMatch(ANOTHER);
    }
  });

  test.each([
    ['knows Opus', true, LIVE],
    ['does not', false, `${LIVE}&sound=aac`],
  ])('the sound is such as the browser knows, which %s', async (_what, opus, address) => {
    OpenMediaSource.knows = (type) => opus || !type.includes('opus');
    await hlsSource(element(), LIVE, WISH, life, events);
    await vi.waitFor(() => expect(asked[0]?.url).toBe(address));
  });
});
