import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../core/api';
import type { Lifetime } from '../../core/lifetime';
import { Broadcast, type Stop, type Why } from './broadcast';
import { PublishError } from './whip';

let said: string[];
let stops: Stop[];
let keys: { run: string | undefined; why: Why }[];
let lose: () => void;
/** What connecting ends with, one after another; nothing is success. */
let failures: unknown[];
let keyFailures: unknown[];
let lives: Lifetime[];

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  stops = [];
  keys = [];
  failures = [];
  keyFailures = [];
  lives = [];
});

afterEach(() => {
  vi.useRealTimers();
});

function broadcast(run?: string): Broadcast<string> {
  return new Broadcast<string>(
    {
      key: async (known, why) => {
        keys.push({ run: known, why });
        const failure = keyFailures.shift();
        if (failure) {
          throw failure;
        }
        return { secret: `secret ${keys.length}`, run: known ?? 'new run' };
      },
      connect: async (secret, life, lost) => {
        lives.push(life);
        const failure = failures.shift();
        if (failure) {
          throw failure;
        }
        lose = lost;
        return secret;
      },
    },
    {
      phase: (phase) => said.push(phase),
      connected: (connection) => said.push(connection),
      run: (name) => said.push(name),
      stopped: (why) => stops.push(why),
    },
    run,
  );
}

test('who goes live has a key for one time, and a name for coming back', async () => {
  const live = broadcast();
  await live.start(false);
  expect(said).toEqual(['starting', 'new run', 'air', 'secret 1']);
  expect(keys).toEqual([{ run: undefined, why: 'BEGIN' }]);
  live.leave();
  expect(said.at(-1)).toBe('idle');
  expect(lives[0]?.over).toBe(true);

  await live.start(false);
  expect(keys[1]).toEqual({ run: undefined, why: 'BEGIN' });
});

test('a connection that is lost is begun anew, with another key of the same run, until it stands', async () => {
  const live = broadcast();
  await live.start(false);
  failures = [new PublishError('blocked', ''), new PublishError('unreached', ''), new PublishError('again', '')];
  keyFailures = [new TypeError('Failed to fetch'), new ApiError(503, 'away'), new ApiError(429, 'in a moment')];
  lose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said.slice(4)).toEqual(['back', 'new run', 'new run', 'new run', 'new run', 'air', 'secret 8']);
  expect(keys.slice(1).every(({ run, why }) => run === 'new run' && why === 'COME_BACK')).toBe(true);
  expect(stops).toEqual([]);
});

test('who may not go on is told why, and is tried no more', async () => {
  const live = broadcast();
  await live.start(false);
  keyFailures = [new ApiError(409, 'from another page', 'elsewhere')];
  lose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stops).toEqual([{ kind: 'elsewhere', words: 'from another page' }]);
  expect(said.at(-1)).toBe('idle');
  expect(keys).toHaveLength(2);
});

test('what ended while it was away is not begun anew by itself', async () => {
  const live = broadcast();
  await live.start(false);
  keyFailures = [new ApiError(409, 'ended from somewhere else', 'over')];
  lose();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stops).toEqual([{ kind: 'said', words: 'ended from somewhere else' }]);
  expect(said.at(-1)).toBe('idle');
});

test('a network that stays away is given up', async () => {
  const live = broadcast();
  await live.start(false);
  failures = Array.from({ length: 100 }, () => new PublishError('unreached', ''));
  lose();
  await vi.advanceTimersByTimeAsync(170_000);
  expect(stops).toEqual([]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(stops).toEqual([{ kind: 'gave-up', words: '' }]);
});

test('at the beginning nothing but a place that is about to be free is waited for', async () => {
  failures = [new PublishError('again', ''), new PublishError('again', '')];
  const live = broadcast();
  void live.start(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(said).toEqual(['starting', 'new run', 'new run', 'new run', 'air', 'secret 3']);
  expect(keys[0]).toEqual({ run: undefined, why: 'TAKE_OVER' });

  failures = [new PublishError('blocked', '', ['192.0.2.7:8189 (UDP)'])];
  await live.start(false);
  expect(stops).toEqual([{ kind: 'blocked', addresses: ['192.0.2.7:8189 (UDP)'] }]);
  keyFailures = [new ApiError(403, 'Refused: the account is suspended', 'refused')];
  await live.start(false);
  expect(stops[1]).toEqual({ kind: 'said', words: 'Refused: the account is suspended' });
});

test('what is left while it is begun says no more', async () => {
  const live = broadcast('before');
  const beginning = live.start(false);
  live.leave();
  await beginning;
  expect(said).toEqual(['starting', 'idle']);
  expect(keys).toEqual([{ run: 'before', why: 'RELOADED' }]);
});

test('two who take over from each other are told so, and who is logged out is told that', async () => {
  failures = Array.from({ length: 4 }, () => new PublishError('contested', 'live already'));
  const live = broadcast();
  void live.start(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(stops).toEqual([{ kind: 'contested', words: 'live already' }]);

  await live.start(false);
  keyFailures = [new ApiError(401, 'Log in, or send a token.')];
  lose();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(stops[1]).toEqual({ kind: 'out', words: 'Log in, or send a token.' });
});
