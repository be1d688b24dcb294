import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeElement } from '../testing/page';
import { Instant } from './instant';
import type { Wish } from './source';

const WISH: Wish = { latency: 'instant', audioOnly: false, height: undefined };
let host: FakeElement;
let said: FakeElement;
let instant: Instant;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeElement();
  host.dataset.instant = 'on';
  said = new FakeElement();
  host.parts['[data-fact="instant"]'] = said;
  instant = new Instant(host as unknown as HTMLElement, { 'instant.b-frames': 'B-frames', 'instant.blocked': 'UDP' });
});

afterEach(() => vi.useRealTimers());

test('is what was wished while nothing is against it', () => {
  expect(instant.possible(WISH)).toBe(WISH);
  expect(instant.why).toBe('');
  host.dataset.instant = '';
  expect(instant.possible(WISH).latency).toBe('normal');
  expect(instant.possible({ ...WISH, otherwise: 'low' }).latency).toBe('low');
  expect(instant.possible({ ...WISH, latency: 'stable' }).latency).toBe('stable');
});

test('says for a while what is against it, and plays otherwise until somebody chooses again', () => {
  instant.refused('b-frames');
  expect(said.textContent).toBe('B-frames');
  expect(host.hasAttribute('data-told')).toBe(true);
  expect(instant.possible(WISH).latency).toBe('normal');
  vi.advanceTimersByTime(8_001);
  instant.look();
  expect(host.hasAttribute('data-told')).toBe(false);
  expect(instant.why).toBe('B-frames');
  instant.wished();
  expect(instant.possible(WISH)).toBe(WISH);
});

test('another broadcast has its own encoder, but the network is the same', () => {
  instant.refused('b-frames');
  instant.another();
  expect(instant.possible(WISH)).toBe(WISH);
  instant.refused('blocked');
  instant.another();
  expect(instant.possible(WISH).latency).toBe('normal');
  vi.advanceTimersByTime(300_001);
  expect(instant.possible(WISH)).toBe(WISH);
});
