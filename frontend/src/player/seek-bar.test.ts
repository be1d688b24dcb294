import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { FakeElement, fakePage } from '../testing/page';
import { SeekBar } from './seek-bar';

const WIDTH = 200;

describe('a seek bar', () => {
  let bar: FakeElement;
  let tip: FakeElement;
  let life: Lifetime;
  let seekBar: SeekBar;
  let sought: number[];

  beforeEach(() => {
    fakePage();
    bar = new FakeElement();
    tip = Object.assign(new FakeElement(), { offsetWidth: 40 });
    bar.parts['.player-tip'] = tip;
    bar.parts['.player-marks'] = new FakeElement();
    Object.assign(bar, {
      getBoundingClientRect: () => ({ left: 0, width: WIDTH }),
      setPointerCapture: () => {},
    });
    sought = [];
    seekBar = new SeekBar(bar as unknown as HTMLElement, {
      seek: (to) => sought.push(to),
      label: (at) => `at ${at}`,
      spoken: (at) => `${at / 1_000} seconds`,
    });
    life = new Lifetime();
    seekBar.enter(life);
    seekBar.update({ from: 100_000, to: 300_000, at: 200_000 });
  });

  afterEach(() => {
    life.end();
    vi.unstubAllGlobals();
  });

  test('says where one is', () => {
    expect(bar.getAttribute('aria-valuemin')).toBe('0');
    expect(bar.getAttribute('aria-valuemax')).toBe('200');
    expect(bar.getAttribute('aria-valuenow')).toBe('100');
    expect(bar.getAttribute('aria-valuetext')).toBe('200 seconds');
  });

  const key = (name: string, more: Record<string, unknown> = {}) => {
    let prevented = false;
    bar.fire('keydown', {
      key: name,
      preventDefault: () => {
        prevented = true;
      },
      ...more,
    });
    return prevented;
  };

  test.each([
    ['ArrowLeft', 195_000],
    ['ArrowDown', 195_000],
    ['ArrowRight', 205_000],
    ['ArrowUp', 205_000],
    ['PageDown', 140_000],
    ['PageUp', 260_000],
    ['Home', 100_000],
    ['End', 300_000],
  ])('%s leads to %d', (name, to) => {
    expect(key(name)).toBe(true);
    expect(sought).toEqual([to]);
  });

  test('steps add up before the picture is there, and end at the ends', () => {
    key('PageUp');
    key('PageUp');
    key('ArrowRight');
    expect(sought).toEqual([260_000, 300_000, 300_000]);
    expect(key('a')).toBe(false);
    expect(key('ArrowLeft', { altKey: true })).toBe(false);
  });

  const point = (kind: string, clientX: number) =>
    bar.fire(kind, { clientX, button: 0, pointerId: 1, pointerType: 'mouse', preventDefault: () => {} });

  test('is dragged, and leads where it is let go', () => {
    point('pointermove', 10);
    expect([tip.hidden, sought]).toEqual([false, []]);
    point('pointerdown', 50);
    point('pointermove', 150);
    // What comes from the player meanwhile does not take it out of the hand.
    seekBar.update({ from: 100_000, to: 300_000, at: 201_000 });
    expect(bar.getAttribute('aria-valuenow')).toBe('150');
    expect(sought).toEqual([]);
    point('pointerup', 150);
    expect(sought).toEqual([250_000]);
    expect(tip.hidden).toBe(true);
  });

  test('shows no frame for a pointer, and one for keys', () => {
    point('pointerdown', 50);
    point('pointerup', 50);
    expect(bar.getAttribute('data-pointed')).not.toBeNull();
    key('ArrowLeft');
    expect(bar.getAttribute('data-pointed')).toBeNull();
    point('pointerdown', 50);
    bar.fire('blur');
    expect(bar.getAttribute('data-pointed')).toBeNull();
  });

  test('is let go beyond its end', () => {
    point('pointerdown', 50);
    point('pointermove', 999);
    point('pointerup', 999);
    expect(sought).toEqual([300_000]);
  });

  test('that is taken out of the hand leads nowhere', () => {
    point('pointerdown', 50);
    bar.fire('pointercancel');
    point('pointerup', 50);
    expect(sought).toEqual([]);
  });
});
