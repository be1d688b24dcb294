// What plays: one source after the other in a video element, for as long as somebody wants one. Says by attributes of its host what the
// picture is doing (data-picture, data-playing, data-waiting, data-problem) and whether it is of what was kept (data-past), and never what
// the channel is doing.
import { Lifetime } from '../core/lifetime';
import { type From, openSource } from './open-source';
import type { InstantRefusal, Source, Span, Wish } from './source';
import { holdStill } from './still-frame';
import { AirClock } from './timeline';

/** So far behind what the player means to be, and it is not live any more. */
const EDGE_SECONDS = 5;
/** So far, and a tab that comes back, or a pause that ends, starts at live again. */
const STALE_SECONDS = 8;
const RETRY_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 8_000;
/** A picture that stands still for so long while the channel is live gets a new source. */
const STALL_MILLIS = 12_000;
/** What was opened a moment before the picture was listed plays sound alone for ever, so it is opened anew after so many seconds. */
const UNSEEN_SECONDS = [3, 8, 20];

/** A picture that is so far from where it was left was moved by a player and not by a person. */
const MOVED_MILLIS = 2_000;
/** What was kept is given up after so many failures in a row. */
const MOST_FAILURES = 2;
/** A list of what was kept is at its end. */
const END_MILLIS = 700;

export interface SessionTold {
  /** It is time to look again whether there is something to open. */
  again(): void;
  /** There is something that this browser cannot play; its codecs, when they are known. */
  unsupported(codecs: string[]): void;
  /** Browsers let nothing sound before somebody touched the page: it plays without. */
  muted(): void;
  /** The first wall clock time that one may go back to, where that is `air` now; undefined where one may not. */
  earliest(air: number): number | undefined;
  /** There is nothing that was kept. */
  nothingKept(): void;
  /** It was meant to be instant, and cannot be. */
  notInstant(why: InstantRefusal): void;
}

export class PlaybackSession {
  private opened: Source | undefined;
  /** Of the source that is played or opened; another begins with each. */
  private stream: Lifetime | undefined;
  private failures = 0;
  /** For how many seconds sound has played where a picture should be. */
  private unseen = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private lastTime = 0;
  private lastMoved = 0;
  private wantsPause = false;
  /** Where the next source begins; at live where there is nothing. */
  private from: From | undefined;
  /** Somebody means to be behind, and is left there. */
  private away = false;
  /** The wall clock of the picture that stands still. */
  private pausedAt: number | undefined;
  /** The wall clock that somebody went to, until its picture is there: the next step counts from it. */
  private heading: number | undefined;
  private readonly clock = new AirClock();
  /** It plays by the browser's own player. */
  private browser = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly told: SessionTold,
  ) {}

  /** Hears what the video element does until the end of the lifetime. */
  enter(life: Lifetime): void {
    life.listen(this.video, 'playing', () => this.playing());
    life.listen(this.video, 'waiting', () => this.host.toggleAttribute('data-waiting', !this.wantsPause));
    life.listen(this.video, 'pause', () => {
      this.host.removeAttribute('data-playing');
      this.host.removeAttribute('data-waiting');
      this.pausedAt ??= this.span()?.shown;
    });
    // A place that somebody looks for while it stands still is a picture as well.
    life.listen(this.video, 'loadeddata', () => {
      this.host.toggleAttribute('data-picture', this.host.hasAttribute('data-picture') || this.wantsPause);
    });
    life.listen(this.video, 'seeked', () => this.arrived());
    life.listen(this.video, 'ended', () => {
      if (this.past) {
        this.turn(undefined); // whatever the channel does now
      }
    });
    life.listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') {
        this.seenAgain();
      }
    });
    life.atEnd(() => this.close());
  }

  get source(): Source | undefined {
    return this.opened;
  }

  get ready(): boolean {
    return this.opened !== undefined;
  }

  /** It plays what was kept. */
  get past(): boolean {
    return this.from?.kept === true;
  }

  /** It plays, or tries to. */
  get busy(): boolean {
    return this.stream !== undefined || this.retryTimer !== undefined;
  }

  async open(url: string, wish: Wish): Promise<void> {
    const mine = new Lifetime();
    this.stream = mine;
    this.host.removeAttribute('data-problem');
    this.host.toggleAttribute('data-waiting', true);
    this.host.toggleAttribute('data-past', this.past);
    let source: Source;
    try {
      // A source that was given up may still say something: that is not about the one in its place.
      const heard = (what: () => void) => !mine.over && what();
      source = await openSource(
        this.video,
        url,
        { ...wish, browser: this.browser },
        mine,
        {
          failed: () => heard(() => this.fail()),
          unsupported: (codecs) => heard(() => this.told.unsupported(codecs)),
          refused: (why) => heard(() => this.told.notInstant(why)),
          changed: () =>
            heard(() => this.host.toggleAttribute('data-choice', (this.opened?.heights().length ?? 0) > 0)),
        },
        this.from,
      );
    } catch {
      // The player's script did not load: the site restarts, or the network is away.
      if (!mine.over) {
        this.fail();
      }
      return;
    }
    if (mine.over) {
      return;
    }
    this.opened = source;
    if (!this.past) {
      this.from = undefined;
    }
    this.lastMoved = Date.now();
    if (this.wantsPause) {
      this.host.removeAttribute('data-waiting');
    } else {
      this.play();
    }
  }

  close(): void {
    this.stream?.end();
    this.stream = undefined;
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.opened = undefined;
    this.host.removeAttribute('data-picture');
    this.host.removeAttribute('data-playing');
    this.host.removeAttribute('data-waiting');
    this.host.removeAttribute('data-problem');
    this.host.removeAttribute('data-past');
  }

  /** The next source is live. */
  forget(): void {
    this.from = undefined;
    this.heading = undefined;
    this.away = false;
    this.pausedAt = undefined;
  }

  /** Another source goes on where this one is, if that is past. */
  keepPlace(): void {
    const shown = this.shown();
    if (this.past && shown !== undefined) {
      this.from = { place: { wall: shown, guessed: false }, kept: true };
    }
  }

  byBrowser(on: boolean): void {
    if (on !== this.browser) {
      this.browser = on;
      this.keepPlace();
      this.close();
      this.told.again();
    }
  }

  /** The source is beyond repair. Another one, after a while that grows, for as long as the channel is live. */
  private fail(): void {
    this.keepPlace();
    this.close();
    this.browser = false;
    if (this.past && this.failures >= MOST_FAILURES) {
      this.forget();
      this.told.nothingKept();
    }
    const bound = Math.min(MAX_RETRY_MILLIS, RETRY_MILLIS * 2 ** this.failures++);
    this.host.toggleAttribute('data-waiting', true);
    this.retryTimer = setTimeout(
      () => {
        this.retryTimer = undefined;
        this.told.again();
      },
      bound / 2 + (Math.random() * bound) / 2,
    );
  }

  private arrived(): void {
    if (this.opened && !this.video.seeking) {
      this.heading = undefined;
    }
  }

  private playing(): void {
    this.failures = 0;
    this.arrived();
    this.pausedAt = undefined;
    this.host.toggleAttribute('data-picture', true);
    this.host.toggleAttribute('data-playing', true);
    this.host.removeAttribute('data-waiting');
  }

  play(): void {
    this.video.play().catch((refused: unknown) => {
      if (refused instanceof DOMException && refused.name === 'NotAllowedError' && !this.video.muted) {
        this.video.muted = true;
        this.told.muted();
        // Not even that may begin by itself: nothing is awaited but a press on play.
        this.video.play().catch(() => this.host.removeAttribute('data-waiting'));
      }
    });
  }

  /**
   * Looks after the picture. Called every second.
   *
   * @param live the channel is live, so that something should move
   * @param pictureDue there should be a picture, and not sound alone
   */
  look(live: boolean, pictureDue: boolean): void {
    if (this.browser) {
      // A screen that waits does so by itself, and what it shows is not seen here.
      this.host.removeAttribute('data-waiting');
      return;
    }
    if (!pictureDue || this.video.videoWidth > 0) {
      this.unseen = 0;
    } else if (this.opened && !this.video.paused && UNSEEN_SECONDS.includes(++this.unseen)) {
      this.close();
      this.told.again();
    }
    const span = this.opened?.span();
    if (span && !span.guessed && !this.past) {
      this.clock.seen(span.to, Date.now());
    }
    const moved = this.video.currentTime !== this.lastTime;
    this.lastTime = this.video.currentTime;
    if (moved && !this.video.paused) {
      this.arrived();
    }
    if (moved || this.video.paused) {
      this.lastMoved = Date.now();
    } else if (this.past && span && span.to - span.shown < END_MILLIS) {
      // What comes next is not kept yet, but live.
      this.turn({ place: { wall: span.shown, guessed: false }, kept: false });
    } else if (this.opened && live && Date.now() - this.lastMoved > STALL_MILLIS) {
      this.lastMoved = Date.now();
      this.fail();
    }
  }

  toggle(): void {
    if (!this.opened) {
      return;
    }
    this.wantsPause = !this.video.paused;
    if (this.wantsPause) {
      this.video.pause();
      return;
    }
    const left = this.pausedAt;
    const span = this.span();
    if (this.told.earliest(this.air()) === undefined) {
      if (this.isStale()) {
        this.opened.jumpToLive();
      }
    } else if (left !== undefined && span) {
      this.away = true;
      if (left < span.from || Math.abs(left - span.shown) > MOVED_MILLIS) {
        this.goTo(left);
      }
    }
    this.play();
  }

  // ---- what was on air when ----------------------------------------------------------------------------------------

  /** The wall clock of what is on air at this moment. */
  air(): number {
    return this.clock.now(Date.now());
  }

  /** The wall clock of the picture that is shown, that stands still, or that is fetched. */
  shown(): number | undefined {
    return this.pausedAt ?? this.heading ?? this.span()?.shown;
  }

  /** By the clock of whoever sends, also where a source only knows the one of this machine. */
  private span(): Span | undefined {
    const span = this.opened?.span();
    if (!span?.guessed) {
      return span;
    }
    const off = this.air() - Date.now();
    return { ...span, shown: span.shown + off, from: span.from + off, to: span.to + off };
  }

  /** How far it is behind, in seconds, and whether that is live; undefined when there is nothing to say. */
  lag(): { seconds: number; live: boolean } | undefined {
    const shown = this.shown();
    if (this.opened && shown !== undefined && (this.past || this.video.paused || this.away)) {
      const seconds = Math.max(0, (this.air() - shown) / 1_000);
      return { seconds, live: !this.past && !this.video.paused && seconds < this.opened.target() + EDGE_SECONDS };
    }
    const seconds = this.opened?.latency();
    return this.opened && seconds !== undefined
      ? { seconds, live: seconds < this.opened.target() + EDGE_SECONDS && !this.video.paused }
      : undefined;
  }

  private isStale(): boolean {
    return this.opened !== undefined && (this.opened.latency() ?? 0) > this.opened.target() + STALE_SECONDS;
  }

  /** A tab that comes back shows now, not what was an hour ago; unless that is what somebody looked at. */
  private seenAgain(): void {
    if (!this.video.paused && !this.past && !this.away && this.isStale()) {
      this.jump();
    }
  }

  /** To what is live. */
  jump(): void {
    this.wantsPause = false;
    if (this.past) {
      this.turn(undefined);
      return;
    }
    this.forget();
    this.opened?.jumpToLive();
    this.play();
  }

  /** By so many seconds; beyond the edge is the edge. */
  seek(seconds: number): void {
    const shown = this.shown();
    if (shown !== undefined) {
      this.goTo(shown + seconds * 1_000);
    }
  }

  toStart(): void {
    this.goTo(this.told.earliest(this.air()) ?? this.span()?.from ?? Number.NaN);
  }

  toEnd(): void {
    this.jump();
  }

  /** Whoever is behind sees another moment than what is on air. */
  moment(): number | undefined {
    return this.lag()?.live === false ? this.shown() : undefined;
  }

  /** Shows what was on air at a time: from what plays, where it has that, else from what was kept. */
  goTo(wall: number): void {
    const span = this.span();
    // Between two sources nothing is known but where to.
    const between = this.heading !== undefined && !span;
    if (Number.isNaN(wall) || !(between || (this.opened && span))) {
      return;
    }
    const air = this.past || !span ? this.air() : Math.max(span.to, this.air());
    const earliest = this.told.earliest(air);
    // What was kept begins with its first picture, a little behind the beginning.
    const wanted = Math.max(
      wall,
      earliest ?? span?.from ?? wall,
      this.past && span ? span.from : Number.NEGATIVE_INFINITY,
    );
    if (wanted >= air - (EDGE_SECONDS / 2) * 1_000) {
      this.jump();
    } else if (span && wanted >= span.from && wanted <= span.to) {
      this.leaveFor(wanted);
      this.opened?.show(wanted);
    } else if (earliest !== undefined) {
      this.leaveFor(wanted);
      this.turn({ place: { wall: wanted, guessed: !this.clock.known }, kept: between || !this.past });
    }
  }

  private leaveFor(wanted: number): void {
    this.away = true;
    this.heading = wanted;
    this.pausedAt = this.video.paused ? wanted : undefined;
  }

  /** Another source in the place of this one, whose last picture stays until there is another. */
  private turn(from: From | undefined): void {
    holdStill(this.host, this.video);
    this.close();
    // The next begins there before it goes to its place: nothing has moved by that.
    this.lastTime = 0;
    if (!from) {
      this.forget();
    }
    this.from = from;
    this.told.again();
  }
}
