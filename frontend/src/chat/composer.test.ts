import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { FakeElement, fakePage } from '../testing/page';
import { Composer, inSeconds } from './composer';

const WORDS = {
  seconds: '{0} s',
  'refused.long': 'Too long.',
};
const SLOW = { wait: 'Slow mode is on. You can comment again in {0}.', later: 'Try again in a moment.' };

test('a wait stands in its sentence', () => {
  expect(inSeconds(SLOW, 11_400, WORDS)).toBe('Slow mode is on. You can comment again in 12 s.');
  expect(inSeconds(SLOW, 299_000, WORDS)).toBe('Slow mode is on. You can comment again in 4:59.');
  expect(inSeconds(SLOW, 0, WORDS)).toBe('Try again in a moment.');
});

describe('the box', () => {
  let composer: Composer;
  let box: FakeElement;
  let send: FakeElement;
  let note: FakeElement;
  let counter: FakeElement;
  let form: FakeElement;
  let said: string[];
  let life: Lifetime;

  beforeEach(() => {
    vi.useFakeTimers();
    fakePage();
    form = new FakeElement();
    for (const part of ['textarea', '.chat-send', '.chat-note', '.chat-counter', '.chat-choices', '.chat-reply-bar']) {
      form.parts[part] = new FakeElement();
    }
    box = form.parts.textarea as FakeElement;
    send = form.parts['.chat-send'] as FakeElement;
    note = form.parts['.chat-note'] as FakeElement;
    counter = form.parts['.chat-counter'] as FakeElement;
    note.hidden = true;
    said = [];
    life = new Lifetime();
    composer = new Composer(form as unknown as HTMLFormElement, life, {
      words: WORDS,
      known: () => ({ names: [], emotes: [], commands: [] }),
      send: (text) => said.push(text) > 0,
      command: () => undefined,
    });
  });

  afterEach(() => {
    life.end();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const type = (text: string) => {
    box.value = text;
    box.fire('input');
  };

  test('sends what is written and is empty', () => {
    type(' hello ');
    form.fire('submit');
    expect(said).toEqual(['hello']);
    expect(box.value).toBe('');
  });

  test('loses no text: what was refused is back, beside what was written since, and waits its time', () => {
    type('and more');
    composer.refused('hello', SLOW, 10_000);
    expect(box.value).toBe('hello and more');
    expect(note.hidden).toBe(false);
    expect(note.textContent).toBe('Slow mode is on. You can comment again in 10 s.');
    expect(send.disabled).toBe(true);
    form.fire('submit');
    expect(said).toEqual([]);
    vi.advanceTimersByTime(4_000);
    expect(note.textContent).toContain('6 s');
    vi.advanceTimersByTime(6_500);
    expect(note.hidden).toBe(true);
    expect(send.disabled).toBe(false);
    form.fire('submit');
    expect(said).toEqual(['hello and more']);
  });

  test('says why it waits only when somebody tries', () => {
    composer.wait(SLOW, 30_000);
    expect(send.disabled).toBe(true);
    expect(note.hidden).toBe(true);
    type('now?');
    form.fire('submit');
    expect(note.hidden).toBe(false);
    expect(box.value).toBe('now?');
  });

  test('counts near the limit alone, and keeps what is too long', () => {
    type('x'.repeat(249));
    expect(counter.hidden).toBe(true);
    type('x'.repeat(250));
    expect(counter.hidden).toBe(false);
    expect(counter.textContent).toBe('50');
    type('x'.repeat(301));
    form.fire('submit');
    expect(said).toEqual([]);
    expect(note.textContent).toBe('Too long.');
    expect(box.value).toHaveLength(301);
  });
});
