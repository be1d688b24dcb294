import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import type { Source, SourceEvents, Wish } from './source';
import { measure, whepSource } from './whep-source';

class FakePeer extends EventTarget {
  static last: FakePeer;
  connectionState = 'new';
  localDescription: { sdp: string } | undefined;
  remote: string | undefined;
  closed = false;
  readonly kinds: string[] = [];
  stats = new Map<string, unknown>();
  constructor() {
    super();
    FakePeer.last = this;
  }
  addTransceiver(kind: string) {
    this.kinds.push(kind);
  }
  async setLocalDescription() {
    this.localDescription = { sdp: 'a=fmtp:111 minptime=10;useinbandfec=1\r\n' };
  }
  async setRemoteDescription({ sdp }: { sdp: string }) {
    this.remote = sdp;
  }
  async getStats() {
    return this.stats;
  }
  becomes(state: string) {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
  close() {
    this.closed = true;
  }
}

const WISH: Wish = { latency: 'instant', audioOnly: false, height: undefined };
const ADDRESS = 'https://media.example.org/t/abc/live/anna.m3u8?v=1';

describe('a source by WHEP', () => {
  let life: Lifetime;
  let video: HTMLVideoElement & EventTarget;
  let told: string[];
  let asked: { url: string; method: string | undefined; body: unknown }[];
  let answers: () => Promise<Response>;
  const events: SourceEvents = {
    failed: () => told.push('failed'),
    unsupported: () => told.push('unsupported'),
    changed: () => {},
    refused: (why) => told.push(why),
  };

  beforeEach(() => {
    vi.useFakeTimers();
    life = new Lifetime();
    video = Object.assign(new EventTarget(), { srcObject: null }) as unknown as HTMLVideoElement;
    told = [];
    asked = [];
    answers = async () =>
      new Response('v=0 answer', { status: 201, headers: { Location: 'https://media.example.org/whep/s1' } });
    vi.stubGlobal('location', { href: 'https://site.example.org/anna' });
    vi.stubGlobal('RTCPeerConnection', FakePeer);
    vi.stubGlobal('MediaStream', class {});
    vi.stubGlobal('fetch', (url: string | URL, init: RequestInit = {}) => {
      asked.push({ url: String(url), method: init.method, body: init.body });
      return Promise.race([
        answers(),
        new Promise<Response>((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('abort')))),
      ]);
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const settle = () => vi.advanceTimersByTimeAsync(1);
  async function begun(wish = WISH): Promise<{ source: Source | undefined; done: boolean }> {
    const result = { source: undefined as Source | undefined, done: false };
    void whepSource(video, ADDRESS, wish, life, events).then((source) => {
      result.source = source;
      result.done = true;
    });
    await settle();
    return result;
  }

  test('offers picture and sound, and plays once it is connected', async () => {
    const result = await begun();
    expect(asked).toEqual([
      {
        url: 'https://media.example.org/t/abc/live/anna/whep?v=1',
        method: 'POST',
        body: 'a=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r\n',
      },
    ]);
    expect(FakePeer.last.kinds).toEqual(['audio', 'video']);
    expect(FakePeer.last.remote).toBe('v=0 answer');
    expect(result.done).toBe(false);
    FakePeer.last.becomes('connected');
    await settle();
    expect(result.source?.facts().protocol).toBe('WebRTC');
    expect(video.srcObject).not.toBeNull();
    life.end();
    expect(FakePeer.last.closed).toBe(true);
    expect(video.srcObject).toBeNull();
    expect(asked[1]).toMatchObject({ url: 'https://media.example.org/whep/s1', method: 'DELETE' });
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('offers sound alone where no picture is wanted', async () => {
    await begun({ ...WISH, audioOnly: true });
    expect(FakePeer.last.kinds).toEqual(['audio']);
    life.end();
  });

  test('says what the server has against it', async () => {
    answers = async () => new Response('', { status: 406, headers: { 'Millrace-Reason': 'b-frames' } });
    const result = await begun();
    expect(result).toEqual({ source: undefined, done: true });
    expect(told).toEqual(['b-frames']);
    expect(FakePeer.last.closed).toBe(true);
    expect(asked).toHaveLength(1);
  });

  test('gives way where the sound would not be heard, and frees its place', async () => {
    answers = async () =>
      new Response('v=0 answer', { status: 201, headers: { Location: '/whep/s2', 'Millrace-Reason': 'sound' } });
    expect(await begun()).toEqual({ source: undefined, done: true });
    expect(told).toEqual(['sound']);
    expect(asked[1]).toMatchObject({ url: 'https://media.example.org/whep/s2', method: 'DELETE' });
  });

  test.each([[404], [500], [200]])('takes another way at a status %d', async (status) => {
    answers = async () => new Response('', { status });
    expect(await begun()).toEqual({ source: undefined, done: true });
    expect(told).toEqual(['late']);
  });

  test('waits four seconds for packets, and no longer', async () => {
    const result = await begun();
    await vi.advanceTimersByTimeAsync(3_990);
    expect(result.done).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect(result).toEqual({ source: undefined, done: true });
    expect(told).toEqual(['blocked']);
    expect(FakePeer.last.closed).toBe(true);
    // The place at the server is given back.
    expect(asked[1]).toMatchObject({ method: 'DELETE' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not take a slow server for a network that blocks', async () => {
    answers = () => new Promise((resolve) => setTimeout(() => resolve(new Response('', { status: 201 })), 3_000));
    const result = await begun();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(result.done).toBe(true);
    expect(told).toEqual(['late']);
  });

  test('says nothing to a player that is gone', async () => {
    const result = await begun();
    life.end();
    await settle();
    expect(result).toEqual({ source: undefined, done: true });
    expect(told).toEqual([]);
  });

  test('outlives a network that is away for a moment, and fails behind that', async () => {
    await begun();
    FakePeer.last.becomes('connected');
    await settle();
    video.dispatchEvent(new Event('loadeddata'));
    FakePeer.last.becomes('disconnected');
    await vi.advanceTimersByTimeAsync(2_900);
    FakePeer.last.becomes('connected');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual([]);
    FakePeer.last.becomes('disconnected');
    await vi.advanceTimersByTimeAsync(3_100);
    expect(told).toEqual(['failed']);
    life.end();
  });

  test('takes another way where no picture comes', async () => {
    await begun();
    FakePeer.last.becomes('connected');
    await vi.advanceTimersByTimeAsync(6_100);
    expect(told).toEqual(['late', 'failed']);
    life.end();
  });

  test('has no WebRTC to try in some browsers', async () => {
    vi.stubGlobal('RTCPeerConnection', undefined);
    expect(await begun()).toEqual({ source: undefined, done: true });
    expect(told).toEqual(['browser']);
  });
});

describe('what a browser measures', () => {
  const report = (bytes: number, at: number, held: number, count: number, playout?: number) =>
    [
      [
        'v',
        {
          type: 'inbound-rtp',
          kind: 'video',
          bytesReceived: bytes,
          timestamp: at,
          packetsLost: 1,
          packetsReceived: 99,
          codecId: 'c',
          jitterBufferDelay: held,
          jitterBufferEmittedCount: count,
          estimatedPlayoutTimestamp: playout,
        },
      ],
      [
        'a',
        {
          type: 'inbound-rtp',
          kind: 'audio',
          bytesReceived: 0,
          timestamp: at,
          packetsLost: -1,
          packetsReceived: 100,
          codecId: 'd',
        },
      ],
      ['c', { type: 'codec', id: 'c', mimeType: 'video/H264' }],
      ['d', { type: 'codec', id: 'd', mimeType: 'audio/opus' }],
      ['p', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.04 }],
    ] as [string, unknown][];
  const none = { facts: { protocol: 'WebRTC', codecs: '', bitrate: undefined } };

  test('is of the last second', () => {
    const first = measure(report(1_000, 1_000, 2, 20), none, 0);
    expect(first.facts).toEqual({
      protocol: 'WebRTC',
      codecs: 'H.264, Opus',
      bitrate: undefined,
      instant: { trip: 0.04, buffer: 0.1, loss: 0 },
    });
    expect(first.latency).toBeCloseTo(0.12);
    const second = measure(report(126_000, 2_000, 3, 40), first, 0);
    expect(second.facts.bitrate).toBe(1_000_000);
    expect(second.facts.instant?.buffer).toBeCloseTo(0.05);
  });

  test('takes the clock of the sender where that is right', () => {
    const now = 1_800_000_000_000;
    const ntp = now + 2_208_988_800_000;
    expect(measure(report(0, 0, 2, 20, ntp - 250), none, now).latency).toBeCloseTo(0.25);
    expect(measure(report(0, 0, 2, 20, ntp - 3_600_000), none, now).latency).toBeCloseTo(0.12);
    expect(measure(report(0, 0, 2, 20, ntp + 500), none, now).latency).toBeCloseTo(0.12);
  });

  test('is nothing before the first packet', () => {
    expect(measure([], none, 0)).toBe(none);
  });
});
