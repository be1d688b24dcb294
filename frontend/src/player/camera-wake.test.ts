import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { keepAwake } from './camera-wake';

/** As much of a player as this needs. */
class Player {
  readonly dataset: Record<string, string> = { state: 'OFFLINE', src: '/live/yard.m3u8' };
  readonly attributes = new Set<string>();
  hasAttribute = (name: string) => this.attributes.has(name);
  removeAttribute = (name: string) => this.attributes.delete(name);
  toggleAttribute(name: string, on: boolean) {
    this.attributes[on ? 'add' : 'delete'](name);
  }
}

let player: Player;
let life: Lifetime;
let answers: boolean[];
let asked: string[];
let visibility: string;
let changed: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  player = new Player();
  life = new Lifetime();
  answers = [];
  asked = [];
  visibility = 'visible';
  vi.stubGlobal('document', {
    get visibilityState() {
      return visibility;
    },
  });
  vi.stubGlobal(
    'MutationObserver',
    class {
      constructor(heard: () => void) {
        changed = heard;
      }
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return { ok: answers.shift() ?? false };
  });
});

afterEach(() => {
  life.end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = () => keepAwake(player as unknown as HTMLElement, life);

test('asks for the playlist of a camera that is off, and says that it is on its way', async () => {
  answers = [true];
  begin();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([expect.stringMatching(/^\/live\/yard\.m3u8\?v=./)]);
  expect(player.attributes).toContain('data-waking');
});

test('leaves one alone that is on', async () => {
  player.dataset.state = 'LIVE';
  begin();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual([]);
  expect(player.attributes).not.toContain('data-waking');
});

test('says at once of a camera that is removed that it is off, and asks for it no more', async () => {
  player.dataset.state = 'LIVE';
  begin();
  await vi.advanceTimersByTimeAsync(1_500);
  player.dataset.camera = 'gone';
  player.dataset.state = 'ENDED';
  changed();
  expect(player.attributes).not.toContain('data-waking');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual([]);
  expect(player.attributes).not.toContain('data-waking');
  answers = [true];
  player.dataset.camera = 'on';
  changed();
  expect(player.attributes).toContain('data-waking');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(1);
});

test('asks for nothing while nobody sees the page', async () => {
  visibility = 'hidden';
  begin();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked).toEqual([]);
  visibility = 'visible';
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(1);
});

test('waits for consent to what is not for everybody', async () => {
  player.attributes.add('data-gate');
  begin();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
});

test('says that a camera is away after two requests in vain, and asks less often', async () => {
  begin();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(2);
  expect(player.attributes).not.toContain('data-waking');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(asked).toHaveLength(3);
});

test('has one begin again that ended', async () => {
  player.dataset.state = 'LIVE';
  begin();
  await vi.advanceTimersByTimeAsync(3_000);
  answers = [true];
  player.dataset.state = 'ENDED';
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(player.attributes).toContain('data-waking');
});

test('says one thing of a camera that is given up while it is watched, however it is tried', async () => {
  player.dataset.state = 'LIVE';
  begin();
  await vi.advanceTimersByTimeAsync(3_000);
  player.dataset.state = 'ENDED';
  const said = new Set<boolean>();
  for (let second = 0; second < 60; second += 1) {
    // What tries it may come and go.
    player.dataset.state = second % 7 === 3 ? 'STARTING' : second < 20 ? 'ENDED' : 'OFFLINE';
    changed();
    await vi.advanceTimersByTimeAsync(1_000);
    said.add(player.attributes.has('data-waking'));
  }
  expect([...said]).toEqual([false]);
  expect(asked.length).toBeGreaterThan(3);
});

test('takes a word back once, of a camera that does not come', async () => {
  begin();
  const said: boolean[] = [];
  for (let second = 0; second < 60; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    const now = player.attributes.has('data-waking');
    if (now !== said.at(-1)) {
      said.push(now);
    }
  }
  expect(said).toEqual([true, false]);
});

test('asks no more when the player leaves the page', async () => {
  begin();
  await vi.advanceTimersByTimeAsync(0);
  life.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
  expect(player.attributes).not.toContain('data-waking');
});
