import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { Lifetime } from './lifetime';

test('everything ends with the lifetime, and what comes later does not begin', () => {
  const life = new Lifetime();
  const target = new EventTarget();
  const heard: string[] = [];
  life.listen(target, 'x', () => heard.push('x'));
  life.atEnd(() => heard.push('end'));
  target.dispatchEvent(new Event('x'));
  life.end();
  life.end();
  target.dispatchEvent(new Event('x'));
  life.listen(target, 'x', () => heard.push('late'));
  target.dispatchEvent(new Event('x'));
  life.atEnd(() => heard.push('at once'));
  expect(heard).toEqual(['x', 'end', 'at once']);
});

test('a timer ends with the lifetime', () => {
  vi.useFakeTimers();
  const life = new Lifetime();
  let ticks = 0;
  life.every(1_000, () => ticks++);
  vi.advanceTimersByTime(3_000);
  life.end();
  vi.advanceTimersByTime(3_000);
  expect(ticks).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** There once for each page, whatever comes and goes in it. */
const OF_THE_PAGE = [
  'core/socket.ts',
  'ui/ask-first.ts',
  'ui/details-menu.ts',
  'ui/menu.ts',
  'ui/sent-once.ts',
  'ui/view-transition.ts',
];

test('what hangs on the page hangs on a lifetime', () => {
  const source = new URL('..', import.meta.url);
  const files = readdirSync(source, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'));
  expect(files.length).toBeGreaterThan(40);
  const outside = files.filter((file) => {
    const text = readFileSync(new URL(file, source), 'utf8');
    const hangs = /(document|window)\.addEventListener\(/.test(text) && !OF_THE_PAGE.includes(file);
    const stays = /extends HTMLElement/.test(text) && /Observer\(|setInterval\(|\.follow\(|matchMedia\(/.test(text);
    return hangs || stays;
  });
  expect(outside).toEqual([]);
});
