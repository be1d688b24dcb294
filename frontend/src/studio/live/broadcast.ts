// Being on air: a key for each connection, a connection after each that is lost, until somebody ends it or may not go on.
import { ApiError } from '../../core/api';
import { Lifetime } from '../../core/lifetime';
import { PublishError } from './whip';

/** Why a key is asked for, in the words of the site. */
export type Why = 'BEGIN' | 'COME_BACK' | 'RELOADED' | 'TAKE_OVER';

export type Phase = 'idle' | 'starting' | 'air' | 'back';

/** Why it is over, or did not begin. */
export type Stop =
  | { kind: 'elsewhere' | 'busy' | 'contested' | 'out' | 'refused' | 'media' | 'said' | 'gave-up'; words: string }
  | { kind: 'blocked'; addresses: string[] };

/** What a key is for one time; and the name of the run, to be said by whoever comes back. */
export interface BrowserKey {
  secret: string;
  run: string;
}

export interface Ways<C> {
  key(run: string | undefined, why: Why, life: Lifetime): Promise<BrowserKey>;
  /** Until {@code life} ends, or the connection is lost, which is told once. */
  connect(secret: string, life: Lifetime, lost: () => void): Promise<C>;
}

export interface Told<C> {
  phase(phase: Phase): void;
  connected(connection: C): void;
  /** It goes on air as this run. */
  run(run: string): void;
  stopped(why: Stop): void;
}

/** Between tries; the last one again and again. */
const PAUSES_MILLIS = [0, 1_000, 2_000, 4_000, 8_000];
/** The broadcast waits for its publisher no longer than this by far. */
const GIVE_UP_MILLIS = 180_000;
/** Whoever begins is let in within these, where the place is about to be free. */
const FIRST_TRIES = 4;

export class Broadcast<C> {
  private attempt: Lifetime | undefined;
  private reloaded: boolean;

  /** @param run of before, when the page was loaded anew */
  constructor(
    private readonly ways: Ways<C>,
    private readonly told: Told<C>,
    private run?: string,
  ) {
    this.reloaded = run !== undefined;
  }

  get name(): string | undefined {
    return this.run;
  }

  async start(takeOver: boolean): Promise<void> {
    this.attempt?.end();
    const mine = new Lifetime();
    this.attempt = mine;
    this.told.phase('starting');
    for (let tries = 1; !mine.over; tries++) {
      const error = await this.once(mine, takeOver ? 'TAKE_OVER' : this.reloaded ? 'RELOADED' : 'BEGIN');
      if (error === undefined || mine.over) {
        return;
      }
      if (tries >= FIRST_TRIES || !isPassing(error)) {
        this.stop(stopOf(error));
        return;
      }
      await pause(PAUSES_MILLIS[tries] ?? 0, mine);
    }
  }

  /** Leaves the air. */
  leave(): void {
    this.attempt?.end();
    this.attempt = undefined;
    this.run = undefined;
    this.reloaded = false;
    this.told.phase('idle');
  }

  private stop(why: Stop): void {
    // Whoever was put off may take over, or go on with what is left.
    const { run } = this;
    this.leave();
    this.run = run;
    this.told.stopped(why);
  }

  /** Connects; answers what was in the way. */
  private async once(mine: Lifetime, why: Why): Promise<unknown> {
    let connection: C;
    try {
      const { secret, run } = await this.ways.key(this.run, why, mine);
      if (mine.over) {
        return undefined;
      }
      this.run = run;
      this.reloaded = false;
      this.told.run(run);
      connection = await this.ways.connect(secret, mine, () => void this.back(mine));
    } catch (error) {
      return error;
    }
    if (!mine.over) {
      this.told.phase('air');
      this.told.connected(connection);
    }
    return undefined;
  }

  private async back(mine: Lifetime): Promise<void> {
    if (mine.over) {
      return;
    }
    this.told.phase('back');
    const until = Date.now() + GIVE_UP_MILLIS;
    for (let tries = 0; !mine.over; tries++) {
      await pause(PAUSES_MILLIS[Math.min(tries, PAUSES_MILLIS.length - 1)] ?? 0, mine);
      if (mine.over) {
        return;
      }
      const error = await this.once(mine, 'COME_BACK');
      if (error === undefined) {
        return;
      }
      if (!mine.over && (!passes(error) || Date.now() > until)) {
        this.stop(passes(error) ? { kind: 'gave-up', words: '' } : stopOf(error));
        return;
      }
    }
  }
}

/** Whether whoever begins may be let in within a moment. */
function isPassing(error: unknown): boolean {
  return error instanceof PublishError && (error.kind === 'again' || error.kind === 'contested');
}

/** Whether it may be another way in a moment. */
function passes(error: unknown): boolean {
  if (error instanceof ApiError) {
    return error.status >= 500 || error.status === 408 || error.status === 429;
  }
  return !(error instanceof PublishError && error.kind === 'refused');
}

function stopOf(error: unknown): Stop {
  if (error instanceof ApiError) {
    const { code, message: words } = error;
    if (error.status === 401) {
      return { kind: 'out', words };
    }
    return { kind: code === 'elsewhere' || code === 'busy' ? code : 'said', words };
  }
  if (error instanceof PublishError) {
    if (error.kind === 'contested') {
      return { kind: 'contested', words: error.message };
    }
    return error.kind === 'blocked'
      ? { kind: 'blocked', addresses: error.addresses }
      : { kind: error.kind === 'unreached' ? 'media' : 'refused', words: error.message };
  }
  return { kind: 'media', words: error instanceof Error ? error.message : String(error) };
}

/** Cut short by a network that is there again. */
function pause(millis: number, life: Lifetime): Promise<void> {
  return new Promise((resolve) => {
    const waiting = new Lifetime();
    const done = () => {
      waiting.end();
      resolve();
    };
    const timer = setTimeout(done, millis);
    waiting.atEnd(() => clearTimeout(timer));
    waiting.listen(globalThis.window, 'online', done);
    waiting.listen(life.signal, 'abort', done);
    if (life.over) {
      done();
    }
  });
}
