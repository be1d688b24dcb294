import type Hls from 'hls.js';
import type { HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { Cdn } from './cdn';

const ORIGIN = 'https://cdn.example.org';
const TICKET = 'https://live.example.org/t/9pX0cQ2mR1uTn5vYw8sK3A';
const LIVE = `${TICKET}/live/anna.m3u8?v=viewer-one`;

let life: Lifetime;
let paths: (string | undefined)[];
let asked: string[];

beforeEach(() => {
  vi.useFakeTimers();
  life = new Lifetime();
  asked = [];
  paths = ['/k/1.1.a'];
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address);
    const path = paths.length > 1 ? paths.shift() : paths[0];
    return { ok: path !== undefined, json: async () => ({ path, millis: 40_000 }) };
  });
});

afterEach(() => {
  life.end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function begun(address = LIVE): Promise<Cdn> {
  const cdn = Cdn.of(ORIGIN, address, life);
  if (!cdn) {
    throw new Error('there is none');
  }
  await cdn.first();
  return cdn;
}

describe('an address', () => {
  test.each([
    ['live/anna.m3u8?v=viewer-one', 'live/anna.m3u8'],
    ['live/anna/v0.m3u8?v=viewer-one&_HLS_msn=7&_HLS_part=2', 'live/anna/v0.m3u8?_HLS_msn=7&_HLS_part=2'],
    ['live/anna.m3u8?v=viewer-one&audio=only', 'live/anna.m3u8?audio=only'],
    ['live/anna/0-1/v0/7.m4s', 'live/anna/0-1/v0/7.m4s'],
  ])('of the stream is fetched through the cache, the same for all: %s', async (own, wire) => {
    expect((await begun()).wire(`${TICKET}/${own}`)).toBe(`${ORIGIN}/k/1.1.a/${wire}`);
  });

  test.each([
    ['of what was kept of it', `${TICKET}/live/anna.record.m3u8?v=viewer-one`],
    ['of its small pictures', `${TICKET}/live/anna.storyboard.vtt`],
    ['of a video', `${TICKET}/videos/AbC/v0/7.m4s`],
    ['of another stream', `${TICKET}/live/annabel.m3u8`],
    ['behind another ticket', `${TICKET.replace('9', '8')}/live/anna.m3u8`],
    ['of something else', 'https://elsewhere.example.org/live/anna.m3u8'],
  ])('%s is left as it is', async (_what, address) => {
    expect((await begun()).wire(address)).toBe(address);
  });

  test('of a video has a cache of its own', async () => {
    const cdn = await begun(`${TICKET}/videos/AbC/index.m3u8`);
    expect(asked).toEqual([`${TICKET}/videos/AbC/signed.json`]);
    expect(cdn.wire(`${TICKET}/videos/AbC/v0/7.m4s`)).toBe(`${ORIGIN}/k/1.1.a/videos/AbC/v0/7.m4s`);
  });

  test('that everybody may have needs none', () => {
    expect(Cdn.of(ORIGIN, 'https://live.example.org/live/anna.m3u8', life)).toBeUndefined();
  });
});

describe('the newest one', () => {
  test('is asked for as the viewer, again and again, and counts until the end', async () => {
    const cdn = await begun();
    expect(asked).toEqual([`${TICKET}/live/anna/signed.json?v=viewer-one`]);
    paths = ['/k/2.1.b'];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(2);
    expect(cdn.wire(LIVE)).toBe(`${ORIGIN}/k/2.1.b/live/anna.m3u8`);
    life.end();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(asked).toHaveLength(2);
  });

  test('is none where the ticket opens nothing any more', async () => {
    const cdn = await begun();
    paths = [undefined];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(cdn.wire(LIVE)).toBe(LIVE);
  });

  test('is not waited for for ever', async () => {
    vi.stubGlobal('fetch', () => new Promise(() => {}));
    const cdn = Cdn.of(ORIGIN, LIVE, life) as Cdn;
    const first = cdn.first();
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
    expect(cdn.wire(LIVE)).toBe(LIVE);
  });
});

/** A loader of hls.js: what it is asked for, and what it says. */
class Script {
  static loads: string[] = [];
  static answer: (url: string) => 'yes' | 'no' | 'late' = () => 'yes';
  context = null;
  stats = { loaded: 0, aborted: false };

  load(context: LoaderContext, _config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
    Script.loads.push(context.url);
    this.stats.loaded++;
    const stats = this.stats as never;
    const said = Script.answer(context.url);
    if (said === 'yes') {
      callbacks.onSuccess({ url: context.url, data: 'text', code: 200 }, stats, context, null);
    } else if (said === 'no') {
      callbacks.onError({ code: 404, text: '' }, context, null, stats);
    } else {
      callbacks.onTimeout(stats, context, null);
    }
  }

  abort(): void {}
  destroy(): void {}
}

describe('a loader', () => {
  const Player = { DefaultConfig: { loader: Script } } as unknown as typeof Hls;

  beforeEach(() => {
    Script.loads = [];
    Script.answer = () => 'yes';
  });

  async function load(cdn: Cdn, address: string, before?: (loader: { abort(): void }) => void): Promise<string> {
    const loader = new (cdn.loader(Player))({} as HlsConfig);
    const { stats } = loader;
    let said = 'nothing';
    loader.load({ url: address, responseType: 'text' } as LoaderContext, {} as LoaderConfiguration, {
      onSuccess: (response, its, context) => {
        expect(its).toBe(stats);
        expect(context.url).toBe(address);
        said = `loaded ${response.url}`;
      },
      onError: (error) => {
        said = `error ${error.code}`;
      },
      onTimeout: () => {
        said = 'timeout';
      },
    });
    before?.(loader);
    await vi.advanceTimersByTimeAsync(0);
    return said;
  }

  test('tells hls.js of addresses behind the ticket alone', async () => {
    expect(await load(await begun(), LIVE)).toBe(`loaded ${LIVE}`);
    expect(Script.loads).toEqual([`${ORIGIN}/k/1.1.a/live/anna.m3u8`]);
  });

  test('asks for another address when the one it had ended, for somebody was sent away', async () => {
    const cdn = await begun();
    paths = ['/k/2.1.b'];
    Script.answer = (url) => (url.includes('/k/1.1.a/') ? 'no' : 'yes');
    expect(await load(cdn, LIVE)).toBe(`loaded ${LIVE}`);
    expect(Script.loads).toEqual([`${ORIGIN}/k/1.1.a/live/anna.m3u8`, `${ORIGIN}/k/2.1.b/live/anna.m3u8`]);
  });

  test.each(['no', 'late'] as const)('does without a cache that is not there: %s', async (how) => {
    const cdn = await begun();
    Script.answer = (url) => (url.startsWith(ORIGIN) ? how : 'yes');
    expect(await load(cdn, LIVE)).toBe(`loaded ${LIVE}`);
    expect(Script.loads).toEqual([`${ORIGIN}/k/1.1.a/live/anna.m3u8`, LIVE]);
    expect(await load(cdn, LIVE)).toBe(`loaded ${LIVE}`);
    expect(Script.loads.at(-1), 'for half a minute').toBe(LIVE);
    await vi.advanceTimersByTimeAsync(31_000);
    Script.answer = () => 'yes';
    await load(cdn, LIVE);
    expect(Script.loads.at(-1)).toBe(`${ORIGIN}/k/1.1.a/live/anna.m3u8`);
  });

  test('says so when whoever watches may not any more', async () => {
    const cdn = await begun();
    paths = [undefined];
    Script.answer = () => 'no';
    expect(await load(cdn, LIVE)).toBe('error 404');
    expect(Script.loads).toEqual([`${ORIGIN}/k/1.1.a/live/anna.m3u8`, LIVE]);
  });

  test('loads nothing after it was given up', async () => {
    expect(await load(await begun(), LIVE, (loader) => loader.abort())).toBe('nothing');
    expect(Script.loads).toEqual([]);
  });
});
