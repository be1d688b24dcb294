import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { FakeElement, FakeVideo, fakePage } from '../testing/page';
import { Controls, type Playback } from './controls';

describe('the keys of a player', () => {
  let page: ReturnType<typeof fakePage>;
  let host: FakeElement;
  let video: FakeVideo;
  let life: Lifetime;
  let done: string[];

  beforeEach(() => {
    page = fakePage();
    host = new FakeElement();
    video = new FakeVideo();
    life = new Lifetime();
    done = [];
  });

  afterEach(() => {
    life.end();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const enter = (video_ = true) => {
    vi.useFakeTimers();
    const playback: Playback = {
      ready: true,
      toggle: () => done.push('toggle'),
      play: () => done.push('play'),
      seek: (seconds) => done.push(`seek ${seconds.toFixed(2)}`),
      toStart: () => done.push('start'),
      toEnd: () => done.push('end'),
      byBrowser: () => {},
      ...(video_
        ? { toTenth: (tenth: number) => done.push(`tenth ${tenth}`), faster: (by: 1 | -1) => done.push(`faster ${by}`) }
        : {}),
    };
    new Controls(
      host as unknown as HTMLElement,
      video as unknown as HTMLVideoElement,
      new FakeElement() as unknown as HTMLElement,
      playback,
    ).enter(life);
  };

  const press = (key: string, target: FakeElement = new FakeElement(), more: Record<string, unknown> = {}) => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), { key, ...more });
    Object.defineProperty(event, 'target', { value: target });
    page.document.dispatchEvent(event);
  };

  /** Something within the player. */
  const inHand = () => {
    host.contains = () => true;
    return new FakeElement();
  };

  test.each([
    ['k', 'toggle'],
    [' ', 'toggle'],
    ['j', 'seek -10.00'],
    ['l', 'seek 10.00'],
    ['ArrowLeft', 'seek -5.00'],
    ['ArrowRight', 'seek 5.00'],
    ['0', 'tenth 0'],
    ['9', 'tenth 9'],
    ['<', 'faster -1'],
    ['>', 'faster 1'],
  ])('%s does "%s"', (key, deed) => {
    enter();
    press(key);
    expect(done).toEqual([deed]);
  });

  test('step by frames while it is paused', () => {
    enter();
    video.paused = false;
    press(',');
    press('.');
    expect(done).toEqual([]);
    video.paused = true;
    press(',');
    press('.');
    expect(done).toEqual(['seek -0.03', 'seek 0.03']);
  });

  test('of the ends belong to the page, unless the player is in hand', () => {
    enter();
    press('Home');
    press('End');
    expect(done).toEqual([]);
    const target = inHand();
    press('Home', target);
    press('End', target);
    expect(done).toEqual(['start', 'end']);
  });

  test('that are letters and signs can be turned off', () => {
    vi.stubGlobal('window', { localStorage: { getItem: () => 'false', setItem: () => {} } });
    enter();
    for (const key of ['k', 'j', 'l', ',', '.', '5', '<', '?']) {
      press(key);
    }
    expect(done).toEqual([]);
    press('ArrowLeft');
    press(' ');
    expect(done).toEqual(['seek -5.00', 'toggle']);
  });

  test('leave alone what is typed, what the slider took, what has a length of its own, and the letter of clips', () => {
    enter(false);
    const field = new FakeElement();
    field.closest = () => field;
    press('k', field);
    press('j', new FakeElement(), { ctrlKey: true });
    press('5');
    press('>');
    press('c');
    const taken = Object.assign(new Event('keydown', { cancelable: true }), { key: 'ArrowLeft' });
    Object.defineProperty(taken, 'target', { value: new FakeElement() });
    taken.preventDefault();
    page.document.dispatchEvent(taken);
    expect(done).toEqual([]);
  });
});
