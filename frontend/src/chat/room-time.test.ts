import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { tellMoment } from '../core/moment';
import { FakeElement, fakePage } from '../testing/page';
import type { ChatMessage } from '../wire/chat';
import type { ChatLog } from './chat-log';
import { RoomTime } from './room-time';

const NOON = Date.parse('2026-11-27T12:00:00.000Z');

const said = (seq: number, name = 'bob', after = 0): ChatMessage => ({
  seq,
  at: new Date(NOON + after).toISOString(),
  author: { name, display: name, hue: 1, avatar: null, badges: [] },
  tokens: [{ t: 'text', v: `message ${seq}` }],
});

describe('the time of a room', () => {
  let shown: number[];
  let time: RoomTime;
  let life: Lifetime;
  let past: ChatMessage[];
  let asked: string[];

  beforeEach(async () => {
    fakePage();
    vi.stubGlobal(
      'CustomEvent',
      class extends Event {
        readonly detail: unknown;
        constructor(kind: string, init: { detail: unknown }) {
          super(kind);
          this.detail = init.detail;
        }
      },
    );
    past = [];
    asked = [];
    vi.stubGlobal('fetch', (address: string) => {
      asked.push(address);
      const messages = address.includes('from=') ? past : [];
      return Promise.resolve({ ok: true, json: async () => ({ messages, more: false }) });
    });
    await import('./replay');
    shown = [];
    const host = new FakeElement();
    host.dataset.channel = 'anna';
    const log = {
      clear: () => {
        shown = [];
      },
      add: (messages: ChatMessage[]) => shown.push(...messages.map(({ seq }) => seq)),
      remove: (seqs: number[]) => {
        shown = shown.filter((seq) => !seqs.includes(seq));
      },
    };
    time = new RoomTime(host as unknown as HTMLElement, log as unknown as ChatLog, () => 'anna');
    life = new Lifetime();
    time.enter(life);
  });

  afterEach(() => {
    life.end();
    vi.unstubAllGlobals();
  });

  const settle = () => new Promise((done) => setImmediate(done));
  const moment = async (after: number) => {
    tellMoment({ wall: NOON + after, until: NOON + 600_000 });
    for (let i = 0; i < 5; i++) {
      await settle();
    }
  };

  test('is now, unless the picture is of the past', async () => {
    time.add([said(100), said(101)]);
    expect(shown).toEqual([100, 101]);
    past = [said(1, 'bob', 1_000), said(2, 'bob', 2_000)];
    await moment(0);
    await moment(0);
    expect(asked.every((address) => address.startsWith('/api/v1/channels/anna/messages?'))).toBe(true);
    await moment(1_100);
    expect(shown).toEqual([1]);
    await moment(2_100);
    expect(shown).toEqual([1, 2]);
    // And back.
    tellMoment(undefined);
    expect(shown).toEqual([100, 101]);
  });

  test('shows what one says oneself at once, and what others say now later', async () => {
    time.add([said(100)]);
    await moment(0);
    await moment(0);
    time.add([said(101), said(102, 'anna')]);
    expect(shown).toEqual([102]);
    tellMoment(undefined);
    expect(shown).toEqual([100, 101, 102]);
  });

  test('shows nothing in either that was removed meanwhile', async () => {
    time.add([said(100), said(101)]);
    past = [said(1, 'bob', 1_000), said(2, 'bob', 2_000)];
    await moment(0);
    await moment(0);
    await moment(1_100);
    time.remove([1, 2, 100], false);
    await moment(3_000);
    expect(shown).toEqual([]);
    tellMoment(undefined);
    expect(shown).toEqual([101]);
  });

  test('stays in the past when the page is connected anew, and has what is new on the way back', async () => {
    time.add([said(100)]);
    past = [said(1, 'bob', 1_000)];
    await moment(0);
    await moment(0);
    await moment(1_100);
    time.clear();
    time.add([said(200)]);
    expect(shown).toEqual([1]);
    tellMoment(undefined);
    expect(shown).toEqual([200]);
  });
});
