import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FakeElement, fakePage } from '../testing/page';
import type { VideoComment } from '../wire/comments';
import { draftFor, keepDraft } from './comment-draft';
import { commentElement, fresh, tokenNode } from './comment-view';

const comment = (id: number, facts: Partial<VideoComment> = {}): VideoComment => ({
  id,
  at: '2026-11-27T04:00:00Z',
  author: { name: 'anna', display: 'Anna', owner: false },
  tokens: [{ t: 'text', v: 'well' }],
  mine: false,
  removable: false,
  ...facts,
});

beforeEach(() => {
  fakePage();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a time is a link to its second', () => {
  const link = tokenNode({ t: 'time', v: '12:34', at: 754 }, 'AbCdEfGhIjK') as unknown as FakeElement & {
    href: string;
  };
  expect(link.href).toBe('/videos/AbCdEfGhIjK?t=754');
  expect(link.dataset.at).toBe('754');
  expect(link.children).toEqual(['12:34']);
});

test('a link leads away and vouches for nothing', () => {
  const link = tokenNode({ t: 'link', v: 'https://example.org/' }, 'AbCdEfGhIjK') as HTMLAnchorElement;
  expect(link.href).toBe('https://example.org/');
  expect(link.rel).toBe('nofollow ugc noopener noreferrer');
});

test('what is shown already is not shown twice', () => {
  expect(fresh(['3', '2'], [comment(4), comment(3), comment(1)]).map(({ id }) => id)).toEqual([4, 1]);
});

const acts = (one: VideoComment) => {
  const row = commentElement(one, 'AbCdEfGhIjK', 'cora', {}) as unknown as FakeElement;
  expect(row.dataset.comment).toBe(String(one.id));
  const main = row.children[1] as FakeElement;
  return (main.children[2] as FakeElement).children as unknown as { href?: string; action?: string }[];
};

test('others can be reported, and deleted by whoever may', () => {
  expect(acts(comment(7)).map(({ href }) => href)).toEqual([
    '/reports/new?kind=COMMENT&channel=cora&user=anna&comment=7',
  ]);
  expect(acts(comment(7, { removable: true })).map(({ action }) => action)).toEqual([
    undefined,
    '/videos/AbCdEfGhIjK/comments/7/delete',
  ]);
  expect(acts(comment(7, { mine: true, removable: true })).map(({ action }) => action)).toEqual([
    '/videos/AbCdEfGhIjK/comments/7/delete',
  ]);
});

test('a guest has a mark and no page', () => {
  const author = { name: 'guest:42', display: 'Anna', owner: false, guest: true as const };
  const words = { guest: 'Guest', 'guest.named': '{0} (guest)', 'report.of': 'Report {0}' };
  const row = commentElement(comment(7, { author }), 'AbCdEfGhIjK', 'cora', words) as unknown as FakeElement;
  const [face, main] = row.children as FakeElement[];
  const [head] = main?.children as FakeElement[];
  const [name, , mark] = head?.children as (FakeElement & { href?: string })[];
  expect((face as { href?: string }).href).toBeUndefined();
  expect(name?.href).toBeUndefined();
  expect(mark?.children).toEqual(['Guest']);
  expect(row.dataset.called).toBe('Anna (guest)');
});

test('a draft is kept for the last video alone, until it is empty', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
  });
  keepDraft('one', 'half a sen');
  expect(draftFor('one')).toBe('half a sen');
  expect(draftFor('two')).toBe('');
  keepDraft('two', 'another');
  expect(draftFor('one')).toBe('');
  keepDraft('two', '  ');
  expect(draftFor('two')).toBe('');
});
