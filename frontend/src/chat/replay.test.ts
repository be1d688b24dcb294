import { beforeEach, describe, expect, test } from 'vitest';
import type { ChatMessage, Said } from '../wire/chat';
import { Replay } from './replay';

const NOON = Date.parse('2026-11-27T12:00:00.000Z');

const said = (seq: number, after: number): ChatMessage => ({
  seq,
  at: new Date(NOON + after).toISOString(),
  author: { name: 'bob', display: 'Bob', hue: 1, avatar: null, badges: [] },
  tokens: [{ t: 'text', v: `message ${seq}` }],
});

interface Question {
  from: number | undefined;
  to: number;
  answer(messages: ChatMessage[], more?: boolean): Promise<void>;
  fail(): Promise<void>;
}

describe('messages of a moment', () => {
  let questions: Question[];
  /** What stands in the log, and when each came: after noon, in milliseconds of the picture. */
  let log: number[];
  let came: Map<number, number>;
  let replay: Replay;
  let now: number;

  const settle = async () => {
    for (let i = 0; i < 5; i++) {
      await Promise.resolve();
    }
  };

  beforeEach(() => {
    questions = [];
    log = [];
    came = new Map();
    now = 0;
    let shown = 0;
    replay = new Replay({
      ask: (from, to) =>
        new Promise<Said>((done, failed) =>
          questions.push({
            from: from === undefined ? undefined : from - NOON,
            to: to - NOON,
            answer: (messages, more = false) => {
              done({ messages, more });
              return settle();
            },
            fail: () => {
              failed(new Error('503'));
              return settle();
            },
          }),
        ),
      clear: () => {
        log = [];
      },
      add: (messages) => {
        for (const { seq } of messages) {
          log.push(seq);
          came.set(seq, shown);
        }
      },
    });
    const moment = replay.moment.bind(replay);
    replay.moment = (wall, until, at) => {
      shown = wall - NOON;
      moment(wall, until, at);
    };
  });

  /** The picture plays, ten times a second. */
  const play = (from: number, to: number, until?: number) => {
    for (let at = from; at <= to; at += 100) {
      now += 100;
      replay.moment(NOON + at, until === undefined ? undefined : NOON + until, now);
    }
  };

  const next = () => questions.shift() as Question;

  test('appear when the picture is there, and not before', async () => {
    play(1_000, 1_000);
    const before = next();
    const window = next();
    expect([before.from, before.to]).toEqual([undefined, 1_000]);
    expect([window.from, window.to]).toEqual([1_000, 61_000]);
    await window.answer([said(3, 1_500), said(4, 2_000), said(5, 9_990)]);
    play(1_100, 1_700);
    // What stands above is not here yet: it is waited for.
    expect(log).toEqual([]);
    await before.answer([said(1, -5_000), said(2, 500)]);
    play(1_800, 12_000);
    expect(log).toEqual([1, 2, 3, 4, 5]);
    expect((came.get(4) ?? 0) - 2_000).toBeLessThanOrEqual(200);
    expect((came.get(5) ?? 0) - 9_990).toBeLessThanOrEqual(200);
    expect(came.get(5)).toBeGreaterThanOrEqual(9_990);
  });

  test('are asked for a minute at a time, before they are due', async () => {
    play(0, 0);
    await next().answer([]);
    await next().answer([said(1, 59_000)]);
    play(100, 44_900);
    expect(questions).toEqual([]);
    play(45_000, 45_200);
    const second = next();
    expect([second.from, second.to]).toEqual([60_000, 120_000]);
    expect(questions).toEqual([]);
    await second.answer([said(2, 60_000)]);
    play(45_300, 60_100);
    expect(log).toEqual([1, 2]);
  });

  test('are held ten seconds at most for what stands above them', async () => {
    play(0, 0);
    const before = next();
    await next().answer([said(2, 1_000)]);
    play(100, 9_900);
    expect(log).toEqual([]);
    play(10_000, 10_300);
    expect(log).toEqual([2]);
    // Too late to be put above.
    await before.answer([said(1, -1_000)]);
    expect(log).toEqual([2]);
  });

  test('begin anew where somebody goes, and an answer of the place before is not heard', async () => {
    play(0, 0);
    await next().answer([]);
    const left = next();
    play(100, 200);
    play(300_000, 300_100);
    const before = next();
    const window = next();
    expect([before.to, window.from]).toEqual([300_000, 300_000]);
    await left.answer([said(1, 200)]);
    await before.answer([said(7, 299_000)]);
    await window.answer([said(8, 300_500)]);
    play(300_200, 301_000);
    expect(log).toEqual([7, 8]);
    // Back by a little more than pictures tremble.
    play(299_500, 299_500);
    expect(log).toEqual([]);
    expect(next().to).toBe(299_500);
  });

  test('of a break come when the picture goes on behind it', async () => {
    play(0, 0);
    await next().answer([]);
    await next().answer([said(1, 4_000), said(2, 20_000)]);
    play(100, 2_000);
    play(30_000, 30_000);
    expect(log).toEqual([1, 2]);
    expect(questions).toEqual([]);
  });

  test('that are too many for one answer are asked for on from where it was cut, and none comes twice', async () => {
    play(0, 0);
    await next().answer([]);
    await next().answer([said(1, 1_000), said(2, 2_000)], true);
    play(100, 100);
    const rest = next();
    expect([rest.from, rest.to]).toEqual([2_000, 62_000]);
    await rest.answer([said(2, 2_000), said(3, 2_000), said(4, 3_000)]);
    play(200, 5_000);
    expect(log).toEqual([1, 2, 3, 4]);
  });

  test('of what is on air are asked for as far as the site knows them', async () => {
    play(0, 0, 20_000);
    await next().answer([]);
    const first = next();
    expect([first.from, first.to]).toEqual([0, 18_000]);
    await first.answer([]);
    play(100, 4_000, 22_000);
    // Too little to ask for.
    expect(questions).toEqual([]);
    play(4_100, 4_100, 26_000);
    const second = next();
    expect([second.from, second.to]).toEqual([18_000, 24_000]);
  });

  test('are asked for again a while after the site did not answer', async () => {
    play(0, 0);
    await next().fail();
    await next().fail();
    play(100, 4_900);
    expect(questions).toEqual([]);
    play(5_000, 5_100);
    expect(next().from).toBe(0);
  });

  test('that somebody removes meanwhile do not come', async () => {
    play(0, 0);
    await next().answer([]);
    await next().answer([said(1, 1_000), said(2, 2_000)]);
    replay.removed([2]);
    play(100, 3_000);
    expect(log).toEqual([1]);
  });
});
